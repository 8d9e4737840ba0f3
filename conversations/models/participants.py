from django.db import models
from django.db.models import JSONField, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .loaded import Loaded
from .prepared import Prepared

MOST_PLACES = 200  # of one person: their list shows all of them
# What is saved with a Conversation and is of each Participant, and its columns.
PERSONAL = {"head": "head_id", "leaves": "leaves", "read_at": "read_at"}


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


class Participant(Loaded, models.Model):
    """Somebody whom the owner of a conversation asked to take part in it.

    They have their own place in it: a branch, where each version was left, how far they
    have read, and whether it is pinned or archived in their list. The owner's own are
    on the Conversation.
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
    pinned_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
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


class Seen:
    """Mixed into Conversation: as each of those has it who take part."""

    # Through whose eyes it is seen: a Participant; None: its owner's.
    participant = None

    def save(self, *args, update_fields=None, **options):
        """Save it; of what each person has of their own, that of whoever sees it."""
        if self.participant is not None:
            update_fields = self._save_own(update_fields)
        super().save(*args, update_fields=update_fields, **options)

    def _save_own(self, update_fields):
        """Save what is the participant's; return the names of what is everybody's."""
        if update_fields is None:
            raise ValueError("Name update_fields: a participant has some of their own.")
        own = PERSONAL.keys() & set(update_fields)
        for column in (PERSONAL[name] for name in own):
            setattr(self.participant, column, getattr(self, column))
        if own:
            self.participant.save(update_fields=own)
        return [name for name in update_fields if name not in own]

    def seen_by(self, user_id):
        """Make it what that person has of it: their branch and their marks; return it.

        What its owner alone has, a folder, is not there then. Raises
        Conversation.DoesNotExist when they take no part in it.
        """
        if user_id == self.reader_id:
            return self
        places = self.participants.joined().select_related("user")
        participant = places.filter(user=user_id).first()
        if participant is None:
            raise self.DoesNotExist
        return self.seen_through(participant)

    def seen_through(self, participant):
        """The same, with the Participant at hand."""
        participant.conversation = self
        self.participant = participant
        self.head_id, self.leaves = participant.head_id, participant.leaves
        self.read_at = participant.read_at
        self.pinned_at = participant.pinned_at
        self.archived_at = participant.archived_at
        self.folder = self.arranged_at = None
        return self

    @property
    def reader_id(self):
        """Who sees it so."""
        return self.participant.user_id if self.participant else self.owner_id

    @property
    def reader(self):
        return self.participant.user if self.participant else self.owner

    @property
    def is_invitation(self):
        """Whether who sees it in their list is asked to take part, and no more."""
        return self.participant is not None and self.participant.joined_at is None

    @property
    def is_own(self):
        """Whether its owner sees it."""
        return self.participant is None


@Prepared
def places_of(user_id):
    """Return the places of that person, each with its conversation."""
    return Participant.objects.of(user_id).select_related("conversation")[:MOST_PLACES]


def readers_of(conversation):
    """Return the ids of all who have it in their list, its owner first."""
    if not conversation.has_people:
        return [conversation.owner_id]
    return [conversation.owner_id, *(pk for (pk,) in _joined(conversation.pk))]


@Prepared
def _joined(conversation_id):
    rows = Participant.objects.joined().filter(conversation=conversation_id)
    return rows.values_list("user")
