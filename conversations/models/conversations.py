import uuid

from django.db import models
from django.db.models import F, JSONField, Q, Value
from django.db.models.fields.tuple_lookups import TupleLessThan
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ConversationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Keep the conversations `user` may read."""
        return self.filter(owner=user, deleted_at=None)

    def editable_by(self, user):
        """Keep the conversations `user` may write in."""
        return self.filter(owner=user, deleted_at=None)

    def listed(self):
        """Keep what stands in the list beside a conversation, newest first."""
        return self.filter(archived_at=None, deleted_at=None).order_by(
            "-updated_at", "-pk"
        )

    def after(self, updated_at, pk):
        """Keep what comes after that row of the list.

        The first condition says the same as the second, in a form for which SQLite
        uses the index; the tuple alone makes it read every row.
        """
        row = TupleLessThan((F("updated_at"), F("pk")), (updated_at, pk))
        return self.filter(Q(updated_at__lte=updated_at), row)


class Conversation(models.Model):
    """What one person and a persona said to each other, in all its branches."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey("User", models.CASCADE, related_name="conversations")
    persona = models.ForeignKey("Persona", models.PROTECT, related_name="+")
    folder = models.ForeignKey(
        "Folder", models.SET_NULL, null=True, related_name="conversations"
    )
    title = models.CharField(_("title"), max_length=200)
    # The last message of the branch that is shown.
    head = models.ForeignKey("Message", models.SET_NULL, null=True, related_name="+")
    # The message each version was left at, by the version's pk as a string.
    leaves = models.JSONField(default=dict, db_default=Value({}, JSONField()))
    pinned_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)  # in the bin since then
    expires_at = models.DateTimeField(null=True)  # a temporary one is gone then
    replied_at = models.DateTimeField(null=True)  # when the last reply ended
    read_at = models.DateTimeField(null=True)  # when the owner last saw the end
    # Where it was brought in from, "" if it began here: "chatgpt:" and its id there.
    imported_from = models.CharField(max_length=200, blank=True, db_default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField()

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes = [
            models.Index(
                "owner",
                F("updated_at").desc(),
                F("id").desc(),
                name="conversation_list",
                condition=Q(archived_at=None, deleted_at=None),
            ),
            models.Index(fields=["-updated_at", "-id"], name="conversation_newest"),
            models.Index(
                fields=["deleted_at"],
                name="conversation_bin",
                condition=Q(deleted_at__isnull=False),
            ),
            models.Index(
                fields=["expires_at"],
                name="conversation_temporary",
                condition=Q(expires_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "imported_from"],
                name="conversation_imported_once",
                condition=~Q(imported_from=""),
            )
        ]

    def __str__(self):
        return str(self.pk)  # never the title: it is the owner's own words

    def get_absolute_url(self):
        return reverse("conversations:conversation_detail", args=[self.pk])

    @property
    def is_unread(self):
        """Whether a reply ended that the owner has not seen."""
        if self.replied_at is None:
            return False
        return self.read_at is None or self.read_at < self.replied_at
