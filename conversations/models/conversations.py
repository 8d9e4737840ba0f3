import uuid
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, JSONField, OuterRef, Q, Value
from django.db.models.fields.tuple_lookups import TupleLessThan
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .chat_reads import ReadQuerySet
from .loaded import Loaded
from .participants import Participant, Seen
from .retention import RetentionQuerySet
from .site_settings import MOST_DAYS

# Where a conversation comes from until all of its messages are brought in. Till then it
# is kept where nobody looks: as if it were in the bin, but not among what is there.
UNFINISHED = "unfinished:"


class ConversationQuerySet(ReadQuerySet, RetentionQuerySet):
    def owned_by(self, user):
        """Keep the conversations of `user`: their list, and what only they may do."""
        return self.filter(owner=user, deleted_at=None)

    def visible_to(self, user):
        """Keep the conversations `user` may read, of their own or taking part.

        Not for lists: no index knows both. Whoever shows one says `seen_by`.
        """
        part = Participant.objects.joined().filter(conversation=OuterRef("pk"))
        return self.filter(
            Q(owner=user) | Exists(part.filter(user=user)), deleted_at=None
        )

    def editable_by(self, user):
        """Keep the conversations `user` may write in."""
        return self.visible_to(user)

    def listed(self):
        """Keep what stands in the list beside a conversation, newest first."""
        return self.filter(archived_at=None, deleted_at=None, expires_at=None).order_by(
            "-updated_at", "-pk"
        )

    def placed(self, folder=None):
        """Keep what the list has in `folder`, or under its days; newest first.

        What is pinned stands above both.
        """
        return self.listed().filter(pinned_at=None, folder=folder)

    def pinned(self):
        """Keep what the list has at its top, what was pinned last first."""
        rows = self.listed().filter(pinned_at__isnull=False)
        return rows.order_by("-pinned_at")

    def archived(self):
        """Keep what is in the archive, what was put there last first."""
        rows = self.filter(archived_at__isnull=False, deleted_at=None, expires_at=None)
        return rows.order_by("-archived_at", "-pk")

    def in_bin_of(self, user):
        """Keep what `user` can still take out of the bin, the last first."""
        rows = self.filter(owner=user, deleted_at__gt=bin_begins_at())
        rows = rows.exclude(imported_from__startswith=UNFINISHED)
        return rows.order_by("-deleted_at", "-pk")

    def out_of_bin(self):
        """Keep what has been in the bin for as long as it may.

        An import that still runs keeps out of sight there what it has not finished.
        """
        a_day_ago = timezone.now() - timedelta(days=1)
        coming_in = Q(imported_from__startswith=UNFINISHED, deleted_at__gt=a_day_ago)
        return self.filter(~coming_in, deleted_at__lte=bin_begins_at())

    def expired(self):
        """Keep the temporary chats whose time is over."""
        return self.filter(expires_at__lte=timezone.now())

    def after(self, moment, pk, column="updated_at"):
        """Keep what comes after the row that has `moment` in `column`.

        The first condition says the same as the second, in a form for which SQLite
        uses the index; the tuple alone makes it read every row.
        """
        row = TupleLessThan((F(column), F("pk")), (moment, pk))
        return self.filter(Q(**{f"{column}__lte": moment}), row)


def bin_begins_at():
    """What was put into the bin before that moment is to go."""
    return timezone.now() - _in_bin()


def _in_bin():
    return timedelta(days=min(settings.CHAT_BIN_DAYS, MOST_DAYS))


class Conversation(Loaded, Seen, models.Model):
    """What one person and a persona said to each other, in all its branches.

    Others may take part: `seen_by` shows it as each of them has it.
    """

    class Replies(models.TextChoices):
        ALWAYS = "always", _("To every message")
        MENTIONED = "mentioned", _("When it is mentioned")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(
        "User",
        models.CASCADE,
        related_name="conversations",
        verbose_name=_("owner"),
    )
    persona = models.ForeignKey(
        "Persona", models.PROTECT, related_name="+", verbose_name=_("persona")
    )
    folder = models.ForeignKey(
        "Folder",
        models.SET_NULL,
        null=True,
        related_name="conversations",
        db_index=False,  # conversation_in_folder begins with it
    )
    title = models.CharField(_("title"), max_length=200)
    # The last message of the branch that is shown.
    head = models.ForeignKey("Message", models.SET_NULL, null=True, related_name="+")
    # The message each version was left at, by the version's pk as a string.
    leaves = models.JSONField(default=dict, db_default=Value({}, JSONField()))
    pinned_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(_("archived at"), null=True)
    deleted_at = models.DateTimeField(_("in the bin since"), null=True)
    expires_at = models.DateTimeField(null=True)  # a temporary one is gone then
    # Where several write, when any of them did counts as well.
    replied_at = models.DateTimeField(_("last reply ended at"), null=True)
    read_at = models.DateTimeField(null=True)  # when the owner last saw the end
    # When its owner last renamed, moved, pinned or marked it, put it away or brought
    # it in.
    arranged_at = models.DateTimeField(null=True)
    # Whether others write in it too, or did: then messages name their authors.
    has_people = models.BooleanField(default=False, db_default=False)
    replies_when = models.CharField(
        _("the persona replies"),
        max_length=16,
        choices=Replies,
        default=Replies.ALWAYS,
        db_default=Replies.ALWAYS,
    )
    # Where it was brought in from, "" if it began here: "chatgpt:" and its id there.
    imported_from = models.CharField(max_length=200, blank=True, db_default="")
    created_at = models.DateTimeField(
        _("begun at"), default=timezone.now, editable=False
    )
    updated_at = models.DateTimeField(_("last message at"))

    objects = ConversationQuerySet.as_manager()

    outline = None  # an Outline, for whoever holds its lock

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        permissions = [("read_conversation", "Can read the conversations of others")]
        indexes = [
            models.Index(
                "owner",
                F("updated_at").desc(),
                F("id").desc(),
                name="conversation_list",
                condition=Q(archived_at=None, deleted_at=None),
            ),
            models.Index(
                "owner",
                F("updated_at").desc(),
                F("id").desc(),
                name="conversation_loose",
                condition=Q(
                    archived_at=None,
                    deleted_at=None,
                    expires_at=None,
                    pinned_at=None,
                    folder=None,
                ),
            ),
            models.Index(
                "folder",
                F("updated_at").desc(),
                F("id").desc(),
                name="conversation_in_folder",
            ),
            models.Index(
                "owner",
                F("pinned_at").desc(),
                name="conversation_pinned",
                condition=Q(pinned_at__isnull=False),
            ),
            models.Index(
                "owner",
                F("archived_at").desc(),
                F("id").desc(),
                name="conversation_archive",
                condition=Q(archived_at__isnull=False),
            ),
            models.Index(
                "owner",
                F("deleted_at").desc(),
                F("id").desc(),
                name="conversation_own_bin",
                condition=Q(deleted_at__isnull=False),
            ),
            models.Index(
                "owner",
                "arranged_at",
                name="conversation_arranged",
                condition=Q(arranged_at__isnull=False),
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
        return _address_before().replace(_NOBODY, str(self.pk))

    @property
    def replies_always(self):
        """Whether the persona replies without being mentioned."""
        return self.replies_when == self.Replies.ALWAYS

    @property
    def gone_at(self):
        """When it leaves the bin for good; None when it is not there."""
        if self.deleted_at is None:
            return None
        return self.deleted_at + _in_bin()

    @property
    def is_unread(self):
        """Whether a reply ended that who sees it has not seen."""
        if self.replied_at is None:
            return False
        return self.read_at is None or self.read_at < self.replied_at


_NOBODY = str(uuid.UUID(int=0))


@cache
def _address_before():
    """The address of any conversation; a list has many, and they differ in the id."""
    return reverse("conversations:conversation_detail", args=[_NOBODY])
