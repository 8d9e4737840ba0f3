from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from conversations import rendering

from .loaded import Loaded
from .participants import Participant
from .prepared import Prepared


class MessageQuerySet(models.QuerySet):
    def owned_by(self, user):
        """Keep the messages of the conversations of `user`."""
        return self.filter(conversation__owner=user, conversation__deleted_at=None)

    def visible_to(self, user):
        """Keep the messages `user` may read, of their own or taking part."""
        part = Participant.objects.joined().filter(user=user)
        part = part.filter(conversation=OuterRef("conversation"))
        return self.filter(
            Q(conversation__owner=user) | Exists(part), conversation__deleted_at=None
        )

    def editable_by(self, user):
        """Keep the messages `user` may answer, edit or ask again."""
        return self.visible_to(user)

    def for_display(self):
        """Load what a page shows of a message in one query, oldest first."""
        return self.select_related(
            "author",
            "generation__persona_version__persona",
            "generation__model",
        ).order_by("pk")

    def outline(self):
        """Return `(pk, parent_id, role, characters)` of each: a tree without text."""
        return self.order_by("pk").values_list(
            "pk", "parent_id", "role", Length("text")
        )


class Message(Loaded, models.Model):
    """One turn of one side. Only inserted: an edit or another reply is a sibling."""

    class Role(models.TextChoices):
        USER = "user", _("person")
        ASSISTANT = "assistant", _("persona")

    conversation = models.ForeignKey(
        "Conversation", models.CASCADE, related_name="messages"
    )
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, related_name="children"
    )
    role = models.CharField(max_length=16, choices=Role)
    author = models.ForeignKey("User", models.SET_NULL, null=True, related_name="+")
    # Who wrote it, where it was copied from without its author. None is nobody: a new
    # column without a value leaves a table of millions as it is.
    author_name = models.CharField(max_length=150, null=True)  # noqa: DJ001
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    reasoning = models.TextField(blank=True)
    reasoning_html = models.TextField(blank=True)
    renderer_version = models.PositiveIntegerField(default=0)
    # Chosen by the browser: the same one twice is the same message.
    client_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MessageQuerySet.as_manager()

    # Set by whoever shows a branch: its place among the other versions of this turn.
    siblings = None
    is_head = False
    compared = ()  # its pk and that of the reply beside it, while one is to be kept
    is_marked = False  # what the reader came for
    # Set by whoever writes it out: what the reader thought of this reply, a Feedback.
    feedback_given = None

    class Meta:
        ordering = ["pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "client_id"], name="message_sent_once"
            )
        ]

    def __str__(self):
        return str(self.pk)  # never the text: it is somebody's own words

    @property
    def is_reply(self):
        return self.role == self.Role.ASSISTANT

    @property
    def is_in_front(self):
        """Whether who writes on goes on with this one of two that are compared."""
        return bool(self.compared) and self.is_head

    @property
    def dom_id(self):
        return f"message-{self.pk}"

    @property
    def is_own(self):
        """Whether a person wrote it who sees it now."""
        return self.author_id == self.conversation.reader_id

    @property
    def is_others(self):
        """Whether it is another person's, who is named."""
        return self.conversation.has_people and not self.is_own

    @property
    def may_be_edited(self):
        """Whether who sees it may write it anew; where several write, its author."""
        return not self.is_reply and not self.is_others

    @property
    def written_by(self):
        """The name of the person who wrote it; "" once their account is gone."""
        if self.author is None or self.author.removed_at:
            return self.author_name or ""
        return self.author.display_name

    @property
    def persona(self):
        """The persona that wrote this reply."""
        return self.generation.persona_version.persona

    @property
    def state(self):
        """The state of this reply's generation; "sent" for what a person wrote."""
        return self.generation.state if self.is_reply else "sent"

    def render(self):
        """Make the HTML of a reply from its text and reasoning. The caller saves."""
        self.html = rendering.render(self.text, prefix=f"{self.dom_id}-")
        self.reasoning_html = rendering.render(
            self.reasoning, prefix=f"{self.dom_id}-reasoning-"
        )
        self.renderer_version = rendering.VERSION

    @property
    def body(self):
        """The HTML to show, safe because only `rendering` writes that column."""
        return mark_safe(self.html)

    @property
    def reasoning_body(self):
        return mark_safe(self.reasoning_html)


@Prepared
def outline_of(conversation_id):
    """Return the outline of one conversation: see MessageQuerySet.outline."""
    return Message.objects.filter(conversation=conversation_id).outline()


@Prepared
def shape_of(conversation_id):
    """Return `(pk, parent_id)` of each message: to count signs takes as long again."""
    rows = Message.objects.filter(conversation=conversation_id)
    return rows.order_by("pk").values_list("pk", "parent_id")
