import time
from contextlib import aclosing
from dataclasses import dataclass

from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils.translation import gettext as _

from conversations import demo, llm, usage
from conversations.models import LanguageModel, Provider, UsageEntry

from .refusals import Refusal

# Short to ask and to answer: a test costs next to nothing.
GREETING = llm.ChatMessage("user", "Say hello.")
ANSWER_TOKENS = 16
PROMPT_TOKENS = 8


@dataclass(frozen=True, slots=True)
class Connection:
    """What a test of a provider found."""

    models: list[str]  # the names it offers
    model: str = ""  # the one that was asked; "" when there is none to ask
    first_token_ms: int | None = None


@transaction.atomic
def save_provider(*, provider, api_key="", forget_key=False):
    """Save `provider`; return whether a key was dropped because its host changed.

    `api_key` "" keeps the key there is. A key belongs to the host it was given for: it
    is never sent to another. Raises Refusal for the environment's provider.
    """
    if provider.is_environment:
        raise Refusal("environment", _("This provider is set in the environment."))
    before = Provider.objects.filter(pk=provider.pk).first()
    is_moved = before is not None and before.origin != provider.origin
    dropped = is_moved and provider.has_api_key and not api_key
    if api_key or forget_key or is_moved:
        provider.set_api_key(api_key)
    provider.save()
    return dropped


def check_connection(*, provider, actor=None):
    """Ask the provider for its models, and one of ours for a word; return Connection.

    The word is a call of `actor`'s, written down like any, though no budget forbids it.
    Raises llm.ProviderError.
    """
    found = fetch_names(provider)
    model = _model_to_ask(provider)
    if not model:
        return Connection(found)
    milliseconds = async_to_sync(_first_token_ms)(provider, model.api_name)
    note_test(model, actor=actor)
    return Connection(found, model.api_name, milliseconds)


def note_test(model, *, actor=None):
    """Write down that `model` said a word, for `actor` or for the doctor."""
    call = usage.Call(actor and actor.pk, None, model, UsageEntry.Purpose.TEST)
    # It is broken off at its first word, before anything is reported.
    usage.settle(call, usage.Spent(PROMPT_TOKENS, ANSWER_TOKENS, is_estimated=True))


def fetch_models(*, provider):
    """Add the provider's models that are not here yet; return their names, sorted.

    Raises llm.ProviderError.
    """
    known = set(provider.models.values_list("api_name", flat=True))
    new = [name for name in fetch_names(provider) if name not in known]
    rows = [LanguageModel(provider=provider, api_name=name[:200]) for name in new]
    LanguageModel.objects.bulk_create(rows, ignore_conflicts=True)
    return new


@async_to_sync
async def fetch_names(provider):
    """Return the names of the models that the provider offers now, sorted."""
    return await llm.list_models(await _endpoint_of(provider))


def _model_to_ask(provider):
    """The model whose answer is tested: the site's own, or the first we know."""
    if provider.is_environment:
        return LanguageModel.objects.default()
    return provider.models.select_related("provider").first()


async def _first_token_ms(provider, model):
    return await first_token_ms(await _endpoint_of(provider), model)


async def first_token_ms(endpoint, model):
    """Ask `model` for a word and return how long it took; it costs a few tokens.

    Raises llm.ProviderError.
    """
    request = llm.ChatRequest(model, (GREETING,), max_output_tokens=ANSWER_TOKENS)
    started = time.monotonic()
    async with aclosing(llm.stream_chat(endpoint, request)) as deltas:
        async for _delta in deltas:
            break
    return round((time.monotonic() - started) * 1000)


async def _endpoint_of(provider):
    return provider.endpoint or await demo.endpoint()
