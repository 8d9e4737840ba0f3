"""Taking a reply for this process, with all that writing it needs."""

import logging
from dataclasses import dataclass, replace

from django.db import DatabaseError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from conversations import usage
from conversations.llm import ChatRequest, Endpoint
from conversations.models import Generation, LanguageModel, Message
from conversations.models.prepared import Prepared
from conversations.models.prepared_writes import insert

from . import spending
from .live import PROCESS
from .requests import request_of
from .tasks import runs

logger = logging.getLogger(__name__)
State = Generation.State


@dataclass(frozen=True, slots=True)
class Job:
    """A reply to write: the rows, where to ask and what, and what it may take."""

    generation: Generation
    endpoint: Endpoint | None  # None: the demo model
    request: ChatRequest
    call: usage.Call

    @property
    def message(self):
        return self.generation.message

    @property
    def prompt_characters(self):
        return sum(len(m.text) for m in self.request.messages)


def enter(generation):
    """Save a new generation; return its Job when it is this process's to write at once.

    It is queued, and None returned, where no replies are written, or while the reply
    before it is open. Call it in the transaction that makes the reply. Raises
    usage.Exhausted when no budget has room for it.
    """
    job = None
    if runs.are_welcome and not _waits(generation.message.parent.parent_id):
        job = _job_or_none(generation)
    if job is not None:
        generation.state, generation.owner = State.RUNNING, PROCESS
        generation.started_at = timezone.now()
        generation.heartbeat_at = Now()
    else:
        # What it will take is set aside as it begins.
        persona_id = generation.persona_version.persona_id
        payer_id = spending.payer_of(generation)
        usage.check(payer_id, persona_id, model_of(generation))
    insert(generation)
    return job and _paid(job)


def _job_or_none(generation):
    try:
        return _job(generation)
    except (DatabaseError, usage.Exhausted):
        raise
    except Exception:
        # Queued, it is tried once more by itself, and fails there for all to see.
        logger.exception("A reply could not be begun at once")
        return None


def _waits(follows_id):
    """Whether the reply may still grow that a question under `follows_id` comes after.

    What nobody was to answer is passed over.
    """
    while follows_id:
        ((role, parent_id, state),) = _turn(follows_id)
        if role == Message.Role.ASSISTANT:
            return state in Generation.OPEN
        follows_id = parent_id
    return False


@Prepared
def _turn(message_id):
    rows = Message.objects.filter(pk=message_id)
    return rows.values_list("role", "parent", "generation__state")


def claim(generation_id):
    """Take a queued reply and return its Job, None when it is not ours to write.

    It is not while the reply before it is open, when another process was faster, or
    when it was stopped before it began. Raises usage.Exhausted when no budget has room
    for it; then it is still queued.
    """
    with transaction.atomic():
        if not _win(generation_id):
            return None
        generation = Generation.objects.select_related(
            "message__conversation__owner",
            "message__parent__author",
            "asked_by",
            "persona_version__model__provider",
            "model__provider",
        ).get(pk=generation_id)
        # Within the transaction: what cannot be asked for stays queued.
        job = _job(generation)
        generation.save(update_fields=["model"])
        return _paid(job)


def _win(generation_id):
    """Mark it as ours; a reply waits until the one it follows has ended."""
    questions = Message.objects.filter(children__generation=generation_id)
    if any(map(_waits, questions.values_list("parent", flat=True))):
        return False
    return Generation.objects.filter(pk=generation_id, state=State.QUEUED).update(
        state=State.RUNNING,
        owner=PROCESS,
        heartbeat_at=Now(),
        started_at=timezone.now(),
    )


def release(generation_id):
    """Put back a reply that this process took and cannot write, for another to take."""
    mine = Generation.objects.owned_by(PROCESS).filter(pk=generation_id)
    with transaction.atomic():
        if mine.update(state=State.QUEUED, owner=""):
            spending.let_go(generation_id)


def _job(generation):
    generation.model = model = model_of(generation)
    request = request_of(generation, model)
    call = spending.call_of(generation, model, request)
    return Job(generation, model.provider.endpoint, request, call)


def _paid(job):
    """Set aside what `job` may take; return it with a reply no longer than that."""
    job.call.generation_id = job.generation.pk
    return replace(job, request=spending.reserve(job.call, job.request))


def model_of(generation):
    """The model chosen for this reply, or the persona's, or the site's own."""
    return (
        generation.model
        or generation.persona_version.model
        or LanguageModel.objects.default()
    )
