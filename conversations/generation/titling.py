"""A better title from a small model, of who agrees to it, where the site allows it."""

import logging

from django.db import transaction

from conversations import demo, events, llm, usage
from conversations.lanes import settling
from conversations.models import (
    Conversation,
    Generation,
    LanguageModel,
    SiteSettings,
    UsageEntry,
)
from conversations.models.participants import readers_of

from . import spending, titles

logger = logging.getLogger(__name__)

INSTRUCTIONS = (
    "Write a title of at most six words for a conversation that begins with the "
    "message below, in the language of that message. Answer with the title alone."
)
MOST_CHARACTERS = 2000
TITLE_TOKENS = 60


def is_due(job, outcome):
    """Whether the conversation is to have a better title, now that `job` has ended."""
    if not SiteSettings.current().better_titles:
        return False
    conversation, question = job.message.conversation, job.message.parent
    return (
        outcome.state == Generation.State.FINISHED
        and question.parent_id is None
        and conversation.owner.better_titles
        and conversation.expires_at is None
        and _has_first_title(conversation.pk, question.text)
    )


def chosen_model():
    """Return the model that the site has chosen for titles, or its own."""
    chosen = SiteSettings.current().title_model_id
    models = LanguageModel.objects.select_related("provider")
    found = models.filter(pk=chosen).first() if chosen else None
    return found or LanguageModel.objects.default()


def _has_first_title(pk, text):
    """Whether nobody has named it, and nothing but its beginning was asked so far."""
    rows = Conversation.objects.filter(pk=pk, title=titles.title_from(text))
    return rows.exists()


async def write(job):
    """Ask for a title and give it; what goes wrong is logged, and the old one stays."""
    call = None
    try:
        call, request = await settling.run(_reserve, job)
        text, spent = await _ask(call, request)
        await settling.run(_give, job, call, text, spent)
    except usage.Exhausted as error:
        logger.info("No title for reply %s: %s", job.message.pk, error.code)
    except Exception as error:
        logger.warning("No title for reply %s: %s", job.message.pk, error)
        if call is not None:
            await settling.run(usage.settle, call, None)


def _reserve(job):
    model = chosen_model()
    words = job.message.parent.text[:MOST_CHARACTERS]
    request = llm.ChatRequest(
        model=model.api_name,
        messages=(
            llm.ChatMessage("system", INSTRUCTIONS),
            llm.ChatMessage("user", words),
        ),
        max_output_tokens=TITLE_TOKENS,
    )
    call = usage.Call(
        user_id=job.call.user_id,
        persona_id=job.call.persona_id,
        model=model,
        purpose=UsageEntry.Purpose.TITLE,
        generation_id=job.generation.pk,
        prompt_tokens=spending.estimated_prompt(request, model),
        most_output_tokens=TITLE_TOKENS,
    )
    with transaction.atomic():
        return call, spending.reserve(call, request)


async def _ask(call, request):
    """Return what the model wrote, and what it took."""
    endpoint = call.model.provider.endpoint or await demo.endpoint()
    words, reported = [], None
    async for event in llm.stream_chat(endpoint, request):
        if isinstance(event, llm.TextDelta):
            words.append(event.text)
        elif isinstance(event, llm.Usage):
            reported = event
    text = "".join(words)
    return text, spending.reported(call, reported, len(text))


def _first_line(text):
    """Models like to put a title between quotation marks, and to say more."""
    lines = text.strip().splitlines() or [""]
    return lines[0].strip().strip("\"'“”‘’«»「」『』*#").strip()


@transaction.atomic
def _give(job, call, text, spent):
    """Put the title in place of the first one, unless somebody was quicker."""
    usage.settle(call, spent)
    first = titles.title_from(job.message.parent.text)
    title = titles.title_from(_first_line(text))
    conversation = job.message.conversation
    rows = Conversation.objects.filter(pk=conversation.pk, title=first)
    if not title or not rows.update(title=title):
        return
    conversation.refresh_from_db(fields=["has_people"])  # it may have some by now
    events.changed_on_pages(conversation.pk)
    events.changed_in_lists(conversation.pk, readers_of(conversation))
