"""What leaves the site when somebody writes: told beside the box they write in."""

from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from conversations.generation import titling
from conversations.generation.prompt import names_in
from conversations.models import LanguageModel, SiteSettings

MOST_TOLD = 30
USER_NAME = "user.name"
WITH = "version__model__provider"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a persona's provider gets; `host` is "" where it is the demo model."""

    persona: object
    model: str
    host: str
    history: str  # one of PersonaVersion.History
    turns: int
    has_name: bool


def sent_to(personas):
    """Return a Sent for each of those personas, the first thirty.

    They come with what WITH names: then nothing is asked for but the site's own model.
    """
    default = cache(LanguageModel.objects.default)
    told = [persona for persona in personas[:MOST_TOLD] if persona.version_id]
    return [_sent(p, p.version.model or default()) for p in told]


def _sent(persona, model):
    version = persona.version
    return Sent(
        persona=persona,
        model=model.api_name,
        host=host_of(model),
        history=version.history_policy,
        turns=version.history_turns,
        has_name=USER_NAME in names_in(version.instructions),
    )


def title_to(user):
    """Return the `model` that gets the first message of `user` too, and its `host`.

    None where there is none.
    """
    if not (SiteSettings.current().better_titles and user.better_titles):
        return None
    model = titling.chosen_model()
    return {"model": model.api_name, "host": host_of(model)}


def host_of(model):
    """Return where that model is asked; "" for the demo model."""
    endpoint = model.provider.endpoint
    return urlsplit(endpoint.base_url).netloc if endpoint else ""
