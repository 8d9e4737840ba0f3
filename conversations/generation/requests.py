"""What a reply is asked with: its persona's version and the branch it stands on."""

import copy

from django.utils import timezone, translation

from conversations.llm import ChatRequest
from conversations.models import Message, PersonaVersion
from conversations.models.outlines import Outline
from conversations.models.prepared import Prepared

from . import prompt

# Up to so many times as many are read as are sent, before each is named.
MOST_BESIDE = 4


def room_for(version, model):
    """Return the prompt.Room that `model` has for what `version` is to answer."""
    own = version and version.max_output_tokens
    return prompt.Room.of(
        context_window_tokens=model.context_window_tokens,
        max_output_tokens=own or model.max_output_tokens,
        characters_per_token=model.characters_per_token,
    )


def request_of(generation, model):
    """Build the request from the persona's version and the branch of this reply."""
    version = told(generation.persona_version, generation.overrides)
    reply = generation.message
    asker = generation.asked_by or reply.conversation.owner
    instructions = instructions_for(version, asker)
    if reply.conversation.has_people:
        instructions = prompt.among_several(instructions)
    outline = reply.conversation.outline or Outline(reply.conversation_id)
    pks = prompt.kept(
        _branch_before(reply, outline),
        room_for(version, model),
        instructions=instructions,
        most_turns=_most_turns(version),
    )
    branch = _texts_of(reply, pks, outline)
    if reply.text:
        branch.append((reply.role, reply.text))
    messages = prompt.messages(instructions, branch, continuing=bool(reply.text))
    return request_for(version, model, messages)


def request_for(version, model, messages):
    """Return the ChatRequest of `messages`, as `version` has `model` asked."""
    return ChatRequest(
        model=model.api_name,
        messages=messages,
        temperature=version.temperature if model.accepts_temperature else None,
        top_p=version.top_p,
        max_output_tokens=version.max_output_tokens or model.max_output_tokens,
    )


def _texts_of(reply, pks, outline):
    """Return `(role, text)` of each message; the question is at hand when it is new."""
    *before, _ = pks
    if reply.conversation.has_people:
        return _named_texts(before, reply.parent)
    rows = _texts(reply.conversation_id, before, outline) if before else []
    on_branch = set(before)
    found = [(role, text) for pk, role, text in rows if pk in on_branch]
    return [*found, (reply.parent.role, reply.parent.text)]


def _texts(conversation_id, pks, outline):
    """Return `(pk, role, text)` of these, and of others between them if these are few.

    Naming each takes ten times as long as what a few other branches weigh.
    """
    if outline.count_between(pks[0], pks[-1]) <= MOST_BESIDE * len(pks):
        return _texts_between(conversation_id, pks[0], pks[-1])
    rows = Message.objects.filter(conversation=conversation_id, pk__in=pks)
    return rows.order_by("pk").values_list("pk", "role", "text")


@Prepared
def _texts_between(conversation_id, first_id, last_id):
    rows = Message.objects.filter(conversation=conversation_id)
    rows = rows.filter(pk__gte=first_id, pk__lte=last_id).order_by("pk")
    return rows.values_list("pk", "role", "text")


def _named_texts(before, question):
    """The same with the names of the people: who is meant by "I" differs."""
    rows = Message.objects.filter(pk__in=before).select_related("author")
    texts = rows.only("role", "text", "author", "author_name").order_by("pk")
    return [
        (m.role, m.text if m.is_reply else prompt.said_by(m.written_by, m.text))
        for m in [*texts, question]
    ]


def told(version, overrides):
    """Return `version` as one reply is told it: `overrides` in place of its own."""
    version = copy.copy(version)
    for name, value in (overrides or {}).items():
        setattr(version, name, value)
    return version


def instructions_for(version, user):
    """Return the version's instructions with its variables filled in for `user`."""
    if "{{" not in version.instructions:
        return version.instructions
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


def _branch_before(reply, outline):
    """Return the prompt.Steps from the root to the question that `reply` answers."""
    name = prompt.NAME_CHARACTERS if reply.conversation.has_people else 0
    return [
        prompt.Step(
            pk, outline.role(pk) == Message.Role.USER, outline.characters(pk) + name
        )
        for pk in outline.tree.branch(reply.parent_id)
    ]
