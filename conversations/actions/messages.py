from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import events, rendering
from conversations.generation import claiming, process, titles
from conversations.models import (
    Conversation,
    Generation,
    LanguageModel,
    Message,
    Persona,
)

from .refusals import Refusal


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
    first message also makes the conversation, with the persona of `persona_slug`. The
    same `client_id` again returns what it made the first time. `model` and `overrides`,
    values of PersonaVersion.CONTENT_FIELDS, hold for this one reply.

    Raises Refusal when the text, the parent or the persona will not do, and
    Conversation.DoesNotExist when the conversation is not theirs.
    """
    text = clean_text(text)

    def post():
        conversation = _find_or_begin(user, conversation_id, persona_slug, text)
        return ask(
            user,
            conversation,
            _parent_of(conversation, parent_id),
            text,
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
    conversation = message.conversation

    def post():
        return ask(user, conversation, message.parent, text, client_id=client_id)

    return _once(post, user, conversation.pk, client_id)


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
    mine = Conversation.objects.editable_by(user)
    mine = mine.select_related("persona__version__model", "owner")
    if conversation := mine.filter(pk=conversation_id).first():
        return conversation
    if Conversation.objects.filter(pk=conversation_id).exists():
        raise Conversation.DoesNotExist
    return _begin(user, conversation_id, persona_slug, text)


def _begin(user, conversation_id, persona_slug, text):
    personas = Persona.objects.usable_by(user).select_related("version__model")
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
        return None
    parent = conversation.messages.filter(
        pk=parent_id, role=Message.Role.ASSISTANT
    ).first()
    if parent is None:
        raise Refusal(
            "no_parent", _("The message you answer is not here. Reload the page.")
        )
    return parent


def ask(user, conversation, parent, text, *, client_id, model=None, overrides=None):
    """Add a question under `parent` with an empty reply under it; return Posted."""
    version = conversation.persona.version
    model = model or version.model or LanguageModel.objects.default()
    _check_size(user, claiming.told(version, overrides), text, model)
    question = Message.objects.create(
        conversation=conversation,
        parent=parent,
        role=Message.Role.USER,
        author=user,
        text=text,
        html=rendering.render(text, prefix=f"{client_id}-", line_breaks=True),
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


def answer(user, question, version, *, model=None, overrides=None, client_id=None):
    """Add an empty reply to `question` and have it written; return the reply."""
    conversation = question.conversation
    check_may_answer(user, conversation.persona)
    version.persona = conversation.persona  # as is known: whoever shows it need not ask
    reply = Message.objects.create(
        conversation=conversation, parent=question, role=Message.Role.ASSISTANT
    )
    generation = Generation.objects.create(
        message=reply, persona_version=version, model=model, overrides=overrides or {}
    )
    conversation.head = reply
    conversation.updated_at = timezone.now()
    conversation.save(update_fields=["head", "updated_at"])
    announce_posted(conversation, question, reply, client_id=client_id)
    transaction.on_commit(lambda: process.start(generation.pk))
    return reply


def announce_posted(conversation, question, reply, *, client_id=None):
    """Tell every tab; the one that sent it as `client_id` knows already."""
    events.publish_on_commit(
        events.conversation_group(conversation.pk),
        events.MESSAGE_POSTED,
        question=question.pk,
        reply=reply.pk,
        client_id=str(client_id or ""),
    )
    events.publish_on_commit(
        events.user_group(conversation.owner_id),
        events.CONVERSATION_CHANGED,
        conversation=str(conversation.pk),
    )


def _check_size(user, version, text, model):
    """Refuse what the model could not read even without any history."""
    room = claiming.room_for(version, model)
    most = room.most_characters(claiming.instructions_for(version, user))
    if len(text) > most:
        raise Refusal(
            "too_long",
            _(
                "Your message has %(size)d characters; "
                "this persona's model can read about %(most)d."
            )
            % {"size": len(text), "most": most},
        )


def check_may_answer(user, persona):
    """Refuse a reply by a persona that `user` may not use, or one too many at once."""
    if not Persona.objects.usable_by(user).filter(pk=persona.pk).exists():
        raise Refusal(
            "persona_gone",
            _("You cannot talk to this persona any more. Start a new chat."),
        )
    open_replies = Generation.objects.open().filter(message__conversation__owner=user)
    if open_replies.count() >= settings.CHAT_MAX_OPEN_REPLIES:
        raise Refusal(
            "too_many",
            _("Too many replies are being written for you. Wait for one to end."),
        )
