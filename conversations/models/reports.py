from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Keep what `user` has reported."""
        return self.filter(reporter=user)

    def open(self):
        return self.filter(state=Report.State.OPEN)


class Report(models.Model):
    """A message that somebody showed to the moderators, with its branch as it was.

    It goes with the account of whoever reported it and of whose conversation it is.
    """

    class Reason(models.TextChoices):
        DANGEROUS = "dangerous", _("Dangerous or against the law")
        HATEFUL = "hateful", _("Hateful or harassing")
        SEXUAL = "sexual", _("Sexual")
        PERSONAL = "personal", _("Shows somebody’s personal data")
        WRONG = "wrong", _("Wrong in a harmful way")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        OPEN = "open", _("Received")
        RESOLVED = "resolved", _("Acted upon")
        DISMISSED = "dismissed", _("Looked at; nothing was done")

    reporter = models.ForeignKey(
        "User", models.CASCADE, related_name="reports", verbose_name=_("reported by")
    )
    owner = models.ForeignKey(
        "User", models.CASCADE, related_name="+", verbose_name=_("owner")
    )
    conversation = models.ForeignKey(
        "Conversation",
        models.SET_NULL,
        null=True,
        related_name="reports",
        verbose_name=_("conversation"),
    )
    # The message, None for a whole page that a link led to.
    message_id = models.BigIntegerField(null=True)
    persona = models.ForeignKey(
        "Persona",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("persona"),
    )
    reason = models.CharField(_("reason"), max_length=16, choices=Reason)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    # A copy, the message last: actions/snapshots.py says of what.
    content = models.JSONField()
    state = models.CharField(
        _("state"), max_length=16, choices=State, default=State.OPEN
    )
    closed_by = models.ForeignKey(
        "User",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    closed_at = models.DateTimeField(_("closed at"), null=True)
    created_at = models.DateTimeField(
        _("reported at"), default=timezone.now, editable=False
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [
            models.Index(fields=["state", "-created_at"], name="report_state"),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def is_open(self):
        return self.state == self.State.OPEN
