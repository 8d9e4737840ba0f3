import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TransferQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Keep what `user` has brought in or out."""
        return self.filter(owner=user)

    def open(self):
        """Keep those that wait or run."""
        return self.filter(state__in=Transfer.OPEN)


class Transfer(models.Model):
    """Conversations on their way in or out, in the background."""

    class Kind(models.TextChoices):
        IMPORT = "import", _("Import")
        EXPORT = "export", _("Export")

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    OPEN = (State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey("User", models.CASCADE, related_name="transfers")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    state = models.CharField(
        _("state"), max_length=16, choices=State, default=State.QUEUED
    )
    # Names of files under DATA_DIR/transfers/, "" where there is none (any more).
    source_file = models.CharField(max_length=200, blank=True)
    source_name = models.CharField(_("file"), max_length=200, blank=True)
    result_file = models.CharField(max_length=200, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)  # 0: not known yet
    # Counts, and for each entry that was not taken its title and why.
    report = models.JSONField(default=dict, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    process = models.CharField(max_length=100, blank=True)  # which runs it
    # How often it was begun: what ends its process each time is given up.
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    heartbeat_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        indexes = [
            models.Index(fields=["state", "heartbeat_at"], name="transfer_state")
        ]

    def __str__(self):
        return str(self.pk)

    def get_absolute_url(self):
        return reverse("conversations:transfer_detail", args=[self.pk])

    @property
    def is_open(self):
        return self.state in self.OPEN

    @property
    def kept_until(self):
        """When what was made is removed; None while it is being made."""
        if self.ended_at is None:
            return None
        return self.ended_at + timedelta(days=settings.TRANSFER_KEEP_DAYS)

    @property
    def percent(self):
        """How much of it is done, of 100; None while nobody knows how much there is."""
        return min(100, 100 * self.done // self.total) if self.total else None
