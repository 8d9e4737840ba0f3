"""What leaves the site when somebody writes: told beside the box they write in."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from conversations.generation.prompt import names_in
from conversations.models import LanguageModel, PersonaVersion

MOST_TOLD = 30
USER_NAME = "user.name"


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
    """Return a Sent for each of those personas, the first thirty."""
    personas = [persona for persona in personas[:MOST_TOLD] if persona.version_id]
    rows = PersonaVersion.objects.select_related("model__provider")
    versions = rows.in_bulk([persona.version_id for persona in personas])
    return [_sent(persona, versions[persona.version_id]) for persona in personas]


def _sent(persona, version):
    model = version.model or LanguageModel.objects.default()
    endpoint = model.provider.endpoint
    return Sent(
        persona=persona,
        model=model.api_name,
        host=urlsplit(endpoint.base_url).netloc if endpoint else "",
        history=version.history_policy,
        turns=version.history_turns,
        has_name=USER_NAME in names_in(version.instructions),
    )
