from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import rendering
from conversations.generation import requests, titles
from conversations.models import Conversation, LanguageModel, Message, Persona
from conversations.models.messages import outline_of
from conversations.tree import Tree

from .conversations import lock
from .refusals import Refusal
from .replies import answer


@dataclass(frozen=True, slots=True)
class Posted:
    """A person's message and the reply that now waits to be written."""

    question: Message
    reply: Message
    is_first: bool = False  # whether it began the conversation


def post_message(
    *,
    user,
    conversation_id,
    text,
    client_id,
    parent_id=None,
    persona_slug="",
    model=None,
    overrides=None,
):
    """Save what `user` wrote and have it answered; return Posted.

    `parent_id` is the message it follows, None at the start of a conversation; the
    first message also makes the conversation, with the persona of `persona_slug`. What
    was sent from another tab in the meantime comes before it: nobody asked to branch.
    The same `client_id` again returns what it made the first time. `model` and
    `overrides`, values of PersonaVersion.CONTENT_FIELDS, hold for this one reply.

    Raises Refusal when the text, the parent or the persona will not do, and
    Conversation.DoesNotExist when the conversation is not theirs.
    """
    text = clean_text(text)
    html = render(text, client_id)

    def post():
        conversation = _find_or_begin(user, conversation_id, persona_slug, text)
        return ask(
            user,
            conversation,
            _parent_of(conversation, parent_id),
            text,
            html,
            client_id=client_id,
            model=model,
            overrides=overrides,
        )

    return _once(post, user, conversation_id, client_id)


def edit_message(*, user, message, text, client_id):
    """Ask again with `text` in place of `message`, as its sibling; return Posted."""
    if message.is_reply:
        raise Refusal("not_yours", _("Only your own messages can be edited."))
    text = clean_text(text)
    html = render(text, client_id)
    conversation_id = message.conversation_id

    def post():
        return ask(
            user,
            lock(user, conversation_id),
            message.parent_id,
            text,
            html,
            client_id=client_id,
        )

    return _once(post, user, conversation_id, client_id)


def _once(post, user, conversation_id, client_id):
    """Run `post` in a transaction, unless what it makes is there already.

    That is seen by the constraint it meets, as it may be made at this very moment.
    """
    try:
        with transaction.atomic():
            return post()
    except IntegrityError:
        with transaction.atomic():
            return _posted_before(user, conversation_id, client_id) or post()


def clean_text(text):
    """Return `text` as it is kept; raises Refusal when it is empty or too long."""
    text = rendering.clean(text).strip()
    if not text:
        raise Refusal("empty", _("Write a message first."))
    most = settings.CHAT_MAX_MESSAGE_CHARACTERS
    if len(text) > most:
        raise Refusal(
            "too_long",
            _("Your message has %(size)d characters; at most %(most)d fit.")
            % {"size": len(text), "most": most},
        )
    return text


def render(text, client_id):
    """Return the HTML of what a person wrote; before others wait for a transaction."""
    return rendering.render(text, prefix=f"{client_id}-", line_breaks=True)


def _posted_before(user, conversation_id, client_id):
    question = (
        Message.objects.visible_to(user)
        .filter(conversation=conversation_id, client_id=client_id)
        .select_related("conversation__persona")
        .first()
    )
    if question is None:
        return None
    reply = question.children.select_related("generation").earliest("pk")
    return Posted(question, reply)


def _find_or_begin(user, conversation_id, persona_slug, text):
    with suppress(Conversation.DoesNotExist):
        return lock(user, conversation_id)
    if not Conversation.objects.filter(pk=conversation_id).exists():
        return _begin(user, conversation_id, persona_slug, text)
    # Another process may have begun it in the moment between the two looks.
    return lock(user, conversation_id)


def _begin(user, conversation_id, persona_slug, text):
    personas = Persona.objects.usable_by(user)
    personas = personas.select_related("version__model__provider")
    persona = personas.filter(slug=persona_slug).first()
    if persona is None:
        raise Refusal("no_persona", _("Choose a persona to talk to."))
    return Conversation.objects.create(
        pk=conversation_id,
        owner=user,
        persona=persona,
        title=titles.title_from(text) or _("New chat"),
        updated_at=timezone.now(),
    )


def _parent_of(conversation, parent_id):
    if parent_id is None:
        return conversation.head_id
    rows = outline_of(conversation.pk)
    roles = {pk: role for pk, _parent, role, _size in rows}
    if roles.get(parent_id) != Message.Role.ASSISTANT:
        raise Refusal(
            "no_parent", _("The message you answer is not here. Reload the page.")
        )
    shown = Tree((pk, parent) for pk, parent, *_ in rows).branch(conversation.head_id)
    return conversation.head_id if parent_id in shown else parent_id


def ask(
    user, conversation, parent_id, text, html, *, client_id, model=None, overrides=None
):
    """Add a question under `parent_id` with an empty reply under it; return Posted."""
    version = conversation.persona.version
    model = model or version.model or LanguageModel.objects.default()
    _check_size(user, requests.told(version, overrides), text, model)
    question = Message.objects.create(
        conversation=conversation,
        parent_id=parent_id,
        role=Message.Role.USER,
        author=user,
        text=text,
        html=html,
        renderer_version=rendering.VERSION,
        client_id=client_id,
    )
    is_first = conversation.head_id is None
    reply = answer(
        user,
        question,
        version,
        model=model,
        overrides=overrides,
        client_id=client_id,
    )
    return Posted(question, reply, is_first)


def _check_size(user, version, text, model):
    """Refuse what the model could not read even without any history."""
    room = requests.room_for(version, model)
    most = room.most_characters(requests.instructions_for(version, user))
    if len(text) > most:
        raise Refusal(
            "too_long",
            _(
                "Your message has %(size)d characters; "
                "this persona's model can read about %(most)d."
            )
            % {"size": len(text), "most": most},
        )
