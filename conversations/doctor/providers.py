"""Which models answer, and how soon. The keys themselves are told to nobody."""

import asyncio
from contextlib import suppress
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations import llm
from conversations.actions.providers import first_token_ms, note_test
from conversations.models import LanguageModel, Persona, Provider

from .failures import sentence_of
from .findings import Verdict, ok, warning, wrong

PATIENCE_SECONDS = 15
SLOW_MS = 5000
# Each costs a few tokens: of a provider with many models only those in use are asked.
MOST_MODELS = 8


class Asked(NamedTuple):
    """A provider, and the models of it that are to say a word."""

    name: str
    endpoint: llm.Endpoint
    models: list[LanguageModel]


def keys():
    """Whether each key can still be read: it is encrypted with the secret key."""
    lost = [
        provider.name
        for provider in Provider.objects.all()
        if provider.has_api_key and not provider.api_key
    ]
    if not lost:
        return ok(_("Every provider's key can be read."))
    return wrong(
        _("The key of %(names)s was encrypted with another secret key.")
        % {"names": ", ".join(lost)},
        _(
            "Write the former secret key into SECRET_KEY_FALLBACKS, or enter the "
            "provider's key again."
        ),
    )


def models():
    """Ask each provider which models it has, and each model in use for a word."""
    asked = list(_asked())
    if not asked:
        return warning(
            _("The demo model answers: no provider is set."),
            _("Write OPENAI_API_KEY into .env, or add a provider in the admin."),
        )
    found = asyncio.run(_ask_all(asked))
    for provider, (_listed, *heard) in zip(asked, found, strict=True):
        for model, finding in zip(provider.models, heard, strict=True):
            if finding.verdict is not Verdict.WRONG:
                note_test(model)
    return [finding for findings in found for finding in findings]


def _asked():
    default = LanguageModel.objects.default()
    in_use = Persona.objects.exclude(state=Persona.State.RETIRED)
    used = Q(pk=default.pk) | Q(pk__in=in_use.values("version__model"))
    for provider in Provider.objects.all():
        if provider.is_demo:
            continue
        rows = provider.models.filter(used).select_related("provider")
        yield Asked(provider.name, provider.endpoint, list(rows[:MOST_MODELS]))


async def _ask_all(asked):
    """In a loop of its own, with connections of its own."""
    try:
        return await asyncio.gather(*map(_ask_provider, asked))
    finally:
        with suppress(Exception):
            await llm.aclose()


async def _ask_provider(asked):
    listed, *heard = await asyncio.gather(
        _list(asked), *(_hear(asked, model) for model in asked.models)
    )
    return [listed, *heard]


async def _list(asked):
    facts = {"provider": asked.name}
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            total = len(await llm.list_models(asked.endpoint))
    except (llm.ProviderError, TimeoutError) as error:
        return wrong(_("%(provider)s does not list its models.") % facts, _why(error))
    return ok(
        ngettext(
            "%(provider)s answers and offers %(total)d model.",
            "%(provider)s answers and offers %(total)d models.",
            total,
        )
        % (facts | {"total": total})
    )


async def _hear(asked, model):
    facts = {"provider": asked.name, "model": model.api_name}
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            milliseconds = await first_token_ms(asked.endpoint, model.api_name)
    except (llm.ProviderError, TimeoutError) as error:
        return wrong(
            _("%(model)s (%(provider)s) does not answer.") % facts, _why(error)
        )
    fact = _("%(model)s (%(provider)s): first words after %(milliseconds)d ms.")
    fact %= facts | {"milliseconds": milliseconds}
    if milliseconds <= SLOW_MS:
        return ok(fact)
    return warning(fact, _("People wait. Try a smaller model, or another provider."))


def _why(error):
    if isinstance(error, TimeoutError):
        return _(
            "It took longer than %(seconds)d s. Check the address and the server."
        ) % {"seconds": PATIENCE_SECONDS}
    return sentence_of(error.code, status=error.status)
