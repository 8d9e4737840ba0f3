from django.db import models
from django.db.models import JSONField, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .prepared import Prepared


class ParticipantQuerySet(models.QuerySet):
    def joined(self):
        """Keep those who take part, not those who are only asked to."""
        return self.filter(joined_at__isnull=False)

    def invited(self):
        """Keep those who have not answered yet."""
        return self.filter(joined_at=None)

    def of(self, user):
        """Keep the places of `user` in what is there, what was written last first."""
        rows = self.filter(user=user, conversation__deleted_at=None)
        return rows.order_by("-conversation__updated_at", "-conversation")


class Participant(models.Model):
    """Somebody whom the owner of a conversation asked to take part in it.

    They have their own place in it: a branch, where each version was left, and how far
    they have read. The owner's own are on the Conversation.
    """

    conversation = models.ForeignKey(
        "Conversation",
        models.CASCADE,
        related_name="participants",
        db_index=False,  # participant_once begins with it
    )
    user = models.ForeignKey("User", models.CASCADE, related_name="participations")
    invited_by = models.ForeignKey("User", models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    joined_at = models.DateTimeField(null=True)  # None: asked, and no answer yet
    # See the same names of Conversation.
    head = models.ForeignKey("Message", models.SET_NULL, null=True, related_name="+")
    leaves = models.JSONField(default=dict, db_default=Value({}, JSONField()))
    read_at = models.DateTimeField(null=True)
    # When any of this changed but for what was written: by this a list is compared.
    changed_at = models.DateTimeField(default=timezone.now)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "user"], name="participant_once"
            )
        ]

    def __str__(self):
        return str(self.pk)  # never a name: who talks to whom is theirs


def readers_of(conversation):
    """Return the ids of all who have it in their list, its owner first."""
    if not conversation.has_people:
        return [conversation.owner_id]
    return [conversation.owner_id, *(pk for (pk,) in _joined(conversation.pk))]


@Prepared
def _joined(conversation_id):
    rows = Participant.objects.joined().filter(conversation=conversation_id)
    return rows.values_list("user")
