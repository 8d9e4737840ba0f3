"""Taking a queued reply for this process, with all that writing it needs."""

import copy
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone, translation

from conversations.llm import ChatRequest, Endpoint
from conversations.models import Generation, LanguageModel, Message, PersonaVersion
from conversations.tree import Tree

from . import prompt
from .live import PROCESS

State = Generation.State


@dataclass(frozen=True, slots=True)
class Job:
    """A reply to write: the rows, where to ask and what."""

    generation: Generation
    endpoint: Endpoint | None  # None: the demo model
    request: ChatRequest

    @property
    def message(self):
        return self.generation.message

    @property
    def prompt_characters(self):
        return sum(len(m.text) for m in self.request.messages)


def claim(generation_id):
    """Take a queued reply and return its Job, None when it is not ours to write.

    It is not while the reply before it is open, when another process was faster, or
    when it was stopped before it began.
    """
    with transaction.atomic():
        if not _win(generation_id):
            return None
        generation = Generation.objects.select_related(
            "message__conversation__owner",
            "persona_version__model__provider",
            "model__provider",
        ).get(pk=generation_id)
        model = _model_of(generation)
        if generation.model_id != model.pk:
            generation.model = model
            generation.save(update_fields=["model"])
        # Within the transaction: what cannot be asked for stays queued.
        request = request_of(generation, model)
    return Job(generation, model.provider.endpoint, request)


def _win(generation_id):
    """Mark it as ours; a reply waits until the one it follows has ended."""
    now = timezone.now()
    follows_open = Generation.objects.open().filter(
        message__children__children__generation=generation_id
    )
    if follows_open.exists():
        return False
    return Generation.objects.filter(pk=generation_id, state=State.QUEUED).update(
        state=State.RUNNING, owner=PROCESS, heartbeat_at=now, started_at=now
    )


def _model_of(generation):
    """The model chosen for this reply, or the persona's, or the site's own."""
    return (
        generation.model
        or generation.persona_version.model
        or LanguageModel.objects.default()
    )


def room_for(version, model):
    """Return the prompt.Room that `model` has for what `version` is to answer."""
    return prompt.Room.of(
        context_window_tokens=model.context_window_tokens,
        max_output_tokens=version.max_output_tokens or model.max_output_tokens,
        characters_per_token=model.characters_per_token,
    )


def request_of(generation, model):
    """Build the request from the persona's version and the branch of this reply."""
    version = told(generation.persona_version, generation.overrides)
    reply = generation.message
    owner = reply.conversation.owner
    instructions = instructions_for(version, owner)
    pks = prompt.kept(
        _branch_before(reply),
        room_for(version, model),
        instructions=instructions,
        most_turns=_most_turns(version),
    )
    texts = Message.objects.filter(pk__in=pks).order_by("pk")
    branch = list(texts.values_list("role", "text"))
    if reply.text:
        branch.append((reply.role, reply.text))
    return ChatRequest(
        model=model.api_name,
        messages=prompt.messages(instructions, branch, continuing=bool(reply.text)),
        temperature=version.temperature if model.accepts_temperature else None,
        top_p=version.top_p,
        max_output_tokens=version.max_output_tokens or model.max_output_tokens,
    )


def told(version, overrides):
    """Return `version` as one reply is told it: `overrides` in place of its own."""
    version = copy.copy(version)
    for name, value in (overrides or {}).items():
        setattr(version, name, value)
    return version


def instructions_for(version, user):
    """Return the version's instructions with its variables filled in for `user`."""
    return prompt.fill_in(version.instructions, variables_of(user))


def variables_of(user):
    language = user.language or translation.get_language() or "en"
    return {
        "user.name": user.display_name,
        "today": timezone.localdate(timezone=user.zone).isoformat(),
        "language": translation.get_language_info(language)["name_local"],
    }


def _most_turns(version):
    policies = {
        PersonaVersion.History.ALL: None,
        PersonaVersion.History.LAST_TURNS: version.history_turns,
        PersonaVersion.History.NONE: 1,
    }
    return policies[version.history_policy]


def _branch_before(reply):
    """Return the prompt.Steps from the root to the question that `reply` answers."""
    rows = list(Message.objects.filter(conversation=reply.conversation_id).outline())
    steps = {
        pk: prompt.Step(pk, role == Message.Role.USER, characters)
        for pk, _, role, characters in rows
    }
    tree = Tree((pk, parent) for pk, parent, *_ in rows)
    return [steps[pk] for pk in tree.branch(reply.parent_id)]
