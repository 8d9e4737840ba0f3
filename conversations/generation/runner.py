"""Writes replies: one task each, which belongs to the server and to no socket."""

import asyncio
import contextlib
import logging
import time

from django.conf import settings
from django.db import IntegrityError

from conversations import demo, llm, metrics, tracing, usage
from conversations.lanes import AWAY, settling
from conversations.models import Failure, Generation
from conversations.models.prepared import Prepared

from . import clock, titling
from .claiming import claim
from .draft import REASONING, TEXT, Draft
from .live import PROCESS, Writing, replies
from .outcome import Outcome
from .settling import settle
from .tasks import runs

logger = logging.getLogger(__name__)
State = Generation.State


async def run(generation_id, job=None):
    """Write a reply from its start to its end; without its Job, claim it first."""
    job = job or await _claim(generation_id)
    if job is None:
        return
    tracing.begin(job.generation.trace_id)
    draft = Draft(
        message_id=job.message.pk,
        conversation_id=job.message.conversation_id,
        text=job.message.text,
        reasoning=job.message.reasoning,
        seq=job.generation.seq,
    )
    writing = Writing(generation_id, draft)
    outcome = Outcome(prompt_characters=job.prompt_characters, call=job.call)
    try:
        replies.add(writing)
        if job.generation.stop_requested:
            writing.end(State.STOPPED)
        await _write(job, draft, outcome)
        # No beat shows it once it is over. If that ends it, then here.
        await clock.show_if_due(writing)
        await asyncio.sleep(0)
    except asyncio.CancelledError:
        asyncio.current_task().uncancel()
        outcome.break_off(writing.ending or State.INTERRUPTED)
    writing.is_over = True  # from here on nothing may cancel the saving
    try:
        waiting = await _settle(job, writing, outcome)
    finally:
        replies.remove(writing)
    for (pk,) in waiting:
        runs.begin(run(pk))
    if outcome.title_is_due:
        runs.begin(titling.write(job))


async def _claim(generation_id):
    """Return the Job; a reply that cannot even be asked for has failed."""
    try:
        return await settling.run(claim, generation_id)
    except AWAY as error:
        # It stays queued, and a sweep will come to it.
        logger.error("Reply %s is not begun: %s", generation_id, error)
    except usage.Exhausted as error:
        logger.info("Reply %s is not begun: %s", generation_id, error.code)
        await settling.run(_give_up, generation_id, Failure(error.code))
    except Exception:
        logger.exception("Reply %s cannot be begun", generation_id)
        await settling.run(_give_up, generation_id, Failure.INTERNAL)
    return None


def _give_up(generation_id, code):
    generation = Generation.objects.select_related(
        "model", "message__conversation"
    ).get(pk=generation_id)
    settle(generation, Outcome(State.FAILED, code), state=State.QUEUED)


async def _write(job, draft, outcome):
    """Feed `draft` from the model and note in `outcome` how the stream ended."""
    try:
        endpoint = job.endpoint or await demo.endpoint()
        outcome.asked = True
        stream = llm.stream_chat(endpoint, job.request, gather=clock.beat.next)
        async with contextlib.aclosing(stream) as deltas:
            await _read(deltas, draft, outcome)
    except llm.ProviderError as error:
        outcome.fail_with(error)
        metrics.upstream_failed(error.code)
        logger.warning("Reply %s failed: %s", draft.message_id, error)
    except Exception:
        outcome.fail(Failure.INTERNAL)
        logger.exception("Reply %s failed", draft.message_id)


async def _read(deltas, draft, outcome):
    started = time.monotonic()
    facts = outcome.facts
    finish = llm.Finish(None, "", "")
    async for delta in deltas:
        match delta:
            case llm.TextDelta(piece):
                if "reasoning_ms" not in facts and draft.reasoning:
                    facts["reasoning_ms"] = _milliseconds_since(started)
                draft.feed(TEXT, piece)
            case llm.ReasoningDelta(piece):
                draft.feed(REASONING, piece)
            case llm.Usage():
                outcome.take_usage(delta)
                continue
            case llm.Finish():
                finish = delta
                continue
        if "first_token_ms" not in facts:
            facts["first_token_ms"] = _milliseconds_since(started)
            metrics.first_token(time.monotonic() - started)
            await clock.show(draft)  # the first words do not wait for the clock
    outcome.finish(finish, draft.text)


def _milliseconds_since(started):
    return round((time.monotonic() - started) * 1000)


async def _settle(job, writing, outcome):
    """Save the end, again and again while the database is away.

    Return the pks, in tuples, of the replies that may have waited for it.
    """
    facts = outcome.facts
    if "prompt_tokens" in facts:
        facts["cost_micros"] = job.call.model.cost_micros(
            prompt_tokens=facts["prompt_tokens"],
            cached_tokens=facts["cached_tokens"],
            completion_tokens=facts["completion_tokens"],
        )
    facts["seq"] = writing.draft.seq
    # Read here and not in the lane's thread: the clock may be taking a frame, which
    # moves what has grown from one part of it to another.
    text, reasoning = writing.text, writing.draft.reasoning
    while True:
        try:
            return await settling.run(_save_end, job, outcome, text, reasoning)
        except AWAY as error:
            logger.error("Reply %s is not saved yet: %s", job.message.pk, error)
            await asyncio.sleep(settings.GENERATION_SAVE_SECONDS)
        except IntegrityError:
            if outcome.call is None:
                raise
            logger.warning(
                "Reply %s is charged to nobody: a person or a model is gone",
                job.message.pk,
            )
            outcome.call = None
        except Exception:
            if outcome.facts.keys() == {"seq"}:
                raise
            logger.exception("Reply %s is saved without its facts", job.message.pk)
            outcome.facts = {"seq": facts["seq"]}  # the text matters more


def _save_end(job, outcome, text, reasoning):
    is_ours = settle(
        job.generation,
        outcome,
        text=text,
        reasoning=reasoning,
        by=PROCESS,
        since=job.generation.started_at,  # not what was begun of it later
    )
    if not is_ours:
        logger.warning("Reply %s was ended by another process", job.message.pk)
    outcome.title_is_due = is_ours and titling.is_due(job, outcome)
    return _waiting_in(job.message.conversation_id)


@Prepared
def _waiting_in(conversation_id):
    waiting = Generation.objects.filter(state=State.QUEUED)
    return waiting.filter(message__conversation=conversation_id).values_list("pk")
