from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .failures import Failure
from .loaded import Loaded
from .participants import Participant


class GenerationQuerySet(models.QuerySet):
    def open(self):
        """Keep those whose reply may still grow."""
        return self.filter(state__in=Generation.OPEN)

    def visible_to(self, user):
        """Keep those of replies that `user` may read."""
        part = Participant.objects.joined().filter(user=user)
        part = part.filter(conversation=OuterRef("message__conversation"))
        return self.filter(
            Q(message__conversation__owner=user) | Exists(part),
            message__conversation__deleted_at=None,
        )

    def beside(self, reply):
        """Keep those of `reply` and of the other replies to the same question."""
        return self.filter(message__parent=reply.parent_id)

    def owned_by(self, process):
        """Keep those that `process` is writing now."""
        return self.filter(state=Generation.State.RUNNING, owner=process)


class Generation(Loaded, models.Model):
    """How one reply came about: who wrote it, how far it is, how it ended.

    The state is changed by guarded UPDATEs only, so that of several processes
    exactly one wins.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being written")
        FINISHED = "finished", _("finished")
        CUT_OFF = "cut_off", _("cut off")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("failed")
        INTERRUPTED = "interrupted", _("interrupted")

    OPEN = (State.QUEUED, State.RUNNING)
    UNFINISHED = (State.CUT_OFF, State.STOPPED, State.FAILED, State.INTERRUPTED)

    message = models.OneToOneField("Message", models.CASCADE, related_name="generation")
    persona_version = models.ForeignKey(
        "PersonaVersion",
        models.PROTECT,
        related_name="+",
        verbose_name=_("persona version"),
    )
    model = models.ForeignKey(
        "LanguageModel", models.SET_NULL, null=True, related_name="generations"
    )
    # Whose limits it counts to; None: the owner of the conversation.
    asked_by = models.ForeignKey(
        "User",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    # What this reply alone is told otherwise: values of PersonaVersion.CONTENT_FIELDS.
    overrides = models.JSONField(default=dict, blank=True)
    # Stands beside another reply to the same question, until one of them is kept.
    is_compared = models.BooleanField(default=False, db_default=False)
    # As the provider said.
    model_name = models.CharField(_("model's own name"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=16, choices=State, default=State.QUEUED
    )
    seq = models.PositiveIntegerField(default=0)  # the frame that the text covers
    owner = models.CharField(_("process"), max_length=100, blank=True)
    stop_requested = models.BooleanField(default=False)
    # Ours: the request or frame that asked for the reply, as the log names it.
    trace_id = models.CharField(
        _("id in the log"), max_length=64, blank=True, db_default=""
    )
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True)
    error_code = models.CharField(
        _("error"), max_length=32, blank=True, choices=Failure
    )
    error_status = models.PositiveIntegerField(_("HTTP status"), null=True)
    request_id = models.CharField(_("request id"), max_length=200, blank=True)
    finish_reason = models.CharField(_("finish reason"), max_length=32, blank=True)
    prompt_tokens = models.PositiveIntegerField(_("prompt tokens"), null=True)
    cached_tokens = models.PositiveIntegerField(_("cached tokens"), null=True)
    completion_tokens = models.PositiveIntegerField(_("completion tokens"), null=True)
    reasoning_tokens = models.PositiveIntegerField(_("reasoning tokens"), null=True)
    cost_micros = models.PositiveBigIntegerField(null=True)
    first_token_ms = models.PositiveIntegerField(null=True)
    reasoning_ms = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(
        _("asked at"), default=timezone.now, editable=False
    )
    started_at = models.DateTimeField(_("started at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = GenerationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        indexes = [
            # Not a partial one: SQLite does not see that a parameter would meet it.
            models.Index(fields=["state", "heartbeat_at"], name="generation_state"),
            models.Index(fields=["created_at"], name="generation_date"),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def is_open(self):
        return self.state in self.OPEN

    @property
    def was_written_here(self):
        """Whether this site wrote it: a file that came in may say anything."""
        return self.started_at is not None

    @property
    def may_continue(self):
        """Whether it ended early, with a text that more can be added to."""
        return self.state in self.UNFINISHED and bool(self.message.text)

    @property
    def error_sentence(self):
        """What happened and what to do, in the reader's language; "" if all is well."""
        return self.get_error_code_display()

    @property
    def reasoning_seconds(self):
        """How long the model thought before it answered; None if it did not say."""
        if self.reasoning_ms is None:
            return None
        return max(1, round(self.reasoning_ms / 1000))
