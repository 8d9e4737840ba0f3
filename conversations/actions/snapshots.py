"""A branch as it is now → what a link keeps of it, and that → a branch again."""

import uuid

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import rendering
from conversations.models import (
    Conversation,
    Failure,
    Generation,
    Message,
    PersonaVersion,
)
from conversations.models.messages import outline_of
from conversations.transfer import native
from conversations.tree import Tree

State = Generation.State
# What others may know of a message; `native` says what each means. Its place is its
# number: no id of the original leaves with it.
FIELDS = ("role", "author", "persona", "model", "text", "state")
ROWS = 500  # in one statement
ENDED_WELL = (State.FINISHED, State.STOPPED)


def take(conversation, head_id, *, shows_author):
    """Return the branch down to `head_id` as plain values, [] when it is not there.

    They are the FIELDS of each message and its `html`, safe and with ids that count
    from 1. Thoughts, times and other branches stay behind, and who asked, unless
    `shows_author`: of several each is a number then. A reply that is being written is
    taken as it was saved last.
    """
    tree = Tree((pk, parent) for pk, parent, *_ in outline_of(conversation.pk))
    branch = tree.branch(head_id)
    messages = list(Message.objects.for_display().filter(pk__in=branch))
    people = _people(conversation, messages, shows_author)
    return [
        _taken(message, number, people)
        for number, message in enumerate(messages, start=1)
    ]


def _people(conversation, messages, shows_author):
    """Return what each person is called, by `_key`.

    Of several who are not to be named, each has a number: who said what is told apart.
    """
    asked = [message for message in messages if not message.is_reply]
    names = {_key(message): message.written_by or None for message in asked}
    if shows_author:
        return names
    if not conversation.has_people or len(names) < 2:
        return {}
    return {key: number for number, key in enumerate(names, start=1)}


def _key(message):
    return message.author_id, message.author_name


def _taken(message, number, people):
    whole = native.dump_message(message)
    taken = {name: whole[name] for name in FIELDS}
    taken["text"] = rendering.clean(message.text)
    taken["author"] = None if message.is_reply else people.get(_key(message))
    taken["html"] = rendering.render(
        message.text, prefix=f"message-{number}-", line_breaks=not message.is_reply
    )
    return taken


def copy(taken, *, owner, persona, title):
    """Begin a conversation of `owner` with what `take` returned; return it."""
    now = timezone.now()
    conversation = Conversation(
        owner=owner,
        persona=persona,
        title=title,
        updated_at=now,
        read_at=now,
        has_people=has_several(taken),
    )
    # Rendered before the transaction: others may be waiting to write.
    messages = [_copied(item, conversation) for item in taken]
    versions = _versions(taken)
    with transaction.atomic():
        conversation.save(force_insert=True)
        Message.objects.bulk_create(messages, ROWS)
        _chain(conversation)
        Generation.objects.bulk_create(
            (
                _generation(message, item, versions, persona)
                for message, item in zip(messages, taken, strict=True)
                if message.is_reply
            ),
            ROWS,
        )
        conversation.head = messages[-1]
        conversation.save(update_fields=["head"])
    return conversation


def has_several(taken):
    """Whether several people wrote what `take` returned."""
    return len({item["author"] for item in taken if not item["persona"]}) > 1


def name_of(author):
    """Return what a snapshot calls a person, who may be a number; "" for nobody."""
    return (
        _("Person %(number)d") % {"number": author} if type(author) is int else author
    )


def _chain(conversation):
    """Have each message follow the one before it, in one statement."""
    messages = Message.objects.filter(conversation=conversation)
    before = messages.filter(pk__lt=OuterRef("pk")).order_by("-pk").values("pk")
    messages.update(parent=Subquery(before[:1]))


def _copied(item, conversation):
    is_reply = item["role"] == Message.Role.ASSISTANT
    is_theirs = not (is_reply or conversation.has_people)
    copy_id = uuid.uuid4()
    return Message(
        conversation=conversation,
        role=item["role"],
        author=conversation.owner if is_theirs else None,
        author_name=name_of(item["author"]) if conversation.has_people else None,
        text=item["text"],
        html=rendering.render(
            item["text"], prefix=f"{copy_id}-", line_breaks=not is_reply
        ),
        renderer_version=rendering.VERSION,
        client_id=None if is_reply else copy_id,
    )


def _versions(taken):
    """Return the persona versions that wrote it, by `(slug, number)`."""
    slugs = {item["persona"]["slug"] for item in taken if item["persona"]}
    versions = PersonaVersion.objects.filter(persona__slug__in=slugs)
    rows = versions.select_related("persona")
    return {(version.persona.slug, version.number): version for version in rows}


def _generation(message, item, versions, persona):
    """Return how the reply ended. What did not end well can be gone on with."""
    cited = item["persona"]
    found = versions.get((cited["slug"], cited["version"]), persona.version)
    is_well = item["state"] in ENDED_WELL
    return Generation(
        message=message,
        persona_version=found,
        model_name=item["model"],
        state=item["state"] if is_well else State.INTERRUPTED,
        error_code="" if is_well else Failure.INTERRUPTED,
        ended_at=timezone.now(),
    )
