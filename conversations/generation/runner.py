"""Writes replies: one task each, which belongs to the server and to no socket."""

import asyncio
import contextlib
import contextvars
import logging
import time

from channels.db import database_sync_to_async
from django.conf import settings

from conversations import demo, llm
from conversations.models import Failure, Generation

from . import clock
from .claiming import claim
from .draft import REASONING, TEXT, Draft
from .live import PROCESS, Writing, replies
from .settling import Outcome, settle

logger = logging.getLogger(__name__)
State = Generation.State

# Codes that leave a text one can go on from, though the provider named no error.
_CUT_OFF = {None: Failure.CUT_OFF, "length": Failure.LENGTH}
_REFUSED = {
    "content_filter": Failure.CONTENT_FILTER,
    "tool_calls": Failure.TOOL_CALL,
    "function_call": Failure.TOOL_CALL,
}
_tasks = set()  # the loop keeps only weak references


def spawn(coroutine):
    """Run `coroutine` apart from whoever asked for it, in a context of its own."""
    task = asyncio.get_running_loop().create_task(
        coroutine, context=contextvars.Context()
    )
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    return task


async def run(generation_id):
    """Write the reply of `generation_id` from its claim to its end."""
    job = await database_sync_to_async(claim)(generation_id)
    if job is None:
        return
    message = job.message
    draft = Draft(
        message_id=message.pk,
        conversation_id=message.conversation_id,
        text=message.text,
        reasoning=message.reasoning,
        seq=job.generation.seq,
    )
    writing = Writing(generation_id, draft)
    outcome = Outcome(prompt_characters=job.prompt_characters)
    try:
        replies.add(writing)
        if job.generation.stop_requested:
            writing.end(State.STOPPED)
        await _write(job, draft, outcome)
    except asyncio.CancelledError:
        asyncio.current_task().uncancel()
        outcome.state = writing.ending or State.INTERRUPTED
        if outcome.state == State.INTERRUPTED:
            outcome.error_code = Failure.INTERRUPTED
    try:
        await _settle(job, writing, outcome)
    finally:
        replies.remove(writing)


async def _write(job, draft, outcome):
    """Feed `draft` from the model and note in `outcome` how the stream ended."""
    try:
        endpoint = job.endpoint or await demo.endpoint()
        stream = llm.stream_chat(endpoint, job.request)
        async with contextlib.aclosing(stream) as deltas:
            await _read(deltas, draft, outcome)
    except llm.ProviderError as error:
        _fail(outcome, error.code)
        outcome.facts |= {
            "error_status": error.status,
            "request_id": error.request_id or "",
        }
        logger.warning("Reply %s failed: %s", draft.message_id, error)
    except Exception:
        _fail(outcome, Failure.INTERNAL)
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
                facts |= _usage(delta)
                continue
            case llm.Finish():
                finish = delta
                continue
        if "first_token_ms" not in facts:
            facts["first_token_ms"] = _milliseconds_since(started)
            await clock.show(draft)  # the first words do not wait for the clock
    _finish(outcome, finish, draft)


def _finish(outcome, finish, draft):
    """Turn the provider's last word into a state; silence is never "finished"."""
    outcome.facts |= {
        "finish_reason": finish.reason or "",
        "model_name": finish.model[:200],
        "request_id": finish.request_id[:200],
    }
    if finish.reason in _REFUSED:
        _fail(outcome, _REFUSED[finish.reason])
    elif finish.reason in _CUT_OFF:
        outcome.state = State.CUT_OFF
        outcome.error_code = _CUT_OFF[finish.reason]
    elif not draft.text.strip():
        _fail(outcome, Failure.EMPTY_REPLY)


def _fail(outcome, code):
    outcome.state, outcome.error_code = State.FAILED, code


def _usage(usage):
    return {
        "prompt_tokens": usage.prompt_tokens,
        "cached_tokens": usage.cached_tokens,
        "completion_tokens": usage.completion_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
    }


def _milliseconds_since(started):
    return round((time.monotonic() - started) * 1000)


async def _settle(job, writing, outcome):
    """Save the end, again and again while the database is away."""
    facts = outcome.facts
    if "prompt_tokens" in facts:
        facts["cost_micros"] = job.generation.model.cost_micros(
            prompt_tokens=facts["prompt_tokens"],
            cached_tokens=facts["cached_tokens"],
            completion_tokens=facts["completion_tokens"],
        )
    facts["seq"] = writing.draft.seq
    while True:
        try:
            await database_sync_to_async(settle)(
                job.generation,
                outcome,
                text=writing.text,
                reasoning=writing.draft.reasoning,
                owner=PROCESS,
            )
            break
        except Exception:
            logger.exception("Reply %s is not saved yet", writing.draft.message_id)
            await asyncio.sleep(settings.GENERATION_SAVE_SECONDS)
    await start_waiting(writing.draft.message_id)


async def start_waiting(message_id):
    """Start the replies that waited for the one that just ended."""
    for pk in await database_sync_to_async(_waiting_for)(message_id):
        spawn(run(pk))


def _waiting_for(message_id):
    return list(
        Generation.objects.filter(
            state=State.QUEUED, message__parent__parent=message_id
        ).values_list("pk", flat=True)
    )
