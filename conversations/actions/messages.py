from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from conversations import rendering
from conversations.generation import requests
from conversations.models import Conversation, LanguageModel, Message
from conversations.models.outlines import Outline
from conversations.models.prepared import Prepared
from conversations.models.prepared_writes import insert

from .beginnings import begin
from .branches import go_on, leave_version
from .conversations import lock
from .mentions import is_mentioned
from .refusals import Refusal, SentAsElse, count
from .replies import announce_posted, answer


@dataclass(frozen=True, slots=True)
class Posted:
    """A person's message and the reply that now waits to be written.

    There is no reply where the persona answers only when it is mentioned, and was not.
    """

    question: Message
    reply: Message | None
    is_first: bool = False  # whether it began the conversation


def post_message(
    *,
    user,
    conversation_id,
    text,
    client_id,
    parent_id=None,
    persona_slug="",
    folder_id=None,
    is_temporary=False,
    model=None,
    overrides=None,
):
    """Save what `user` wrote and have it answered; return Posted.

    `parent_id` is the message it follows, None at the start of a conversation; the
    first message also makes the conversation, with the persona of `persona_slug`, in
    their folder `folder_id`, or to be gone after a time as `is_temporary` says. What
    was sent from another tab in the meantime comes before it: nobody asked to branch.
    The same `client_id` again returns what it made the first time. `model` and
    `overrides`, values of PersonaVersion.CONTENT_FIELDS, hold for this one reply.

    Raises Refusal when the text, the parent, the persona or the folder will not do, and
    Conversation.DoesNotExist when the conversation is not theirs.
    """
    text = clean_text(text)
    html = render(text, client_id)

    def post():
        conversation = _find_or_begin(
            user,
            conversation_id,
            lambda: begin(
                user, conversation_id, text, persona_slug, folder_id, is_temporary
            ),
        )
        conversation.outline = Outline(conversation_id)
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
    if not message.may_be_edited:
        raise Refusal("not_yours", _("Only your own messages can be edited."))
    text = clean_text(text)
    html = render(text, client_id)
    conversation_id = message.conversation_id

    def post():
        conversation = lock(user, conversation_id)
        conversation.outline = Outline(conversation_id)
        leave_version(conversation, message)
        return ask(
            user,
            conversation,
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
    if question.is_reply:
        raise SentAsElse
    question.conversation.seen_by(user.pk)
    replies = question.children.filter(role=Message.Role.ASSISTANT)
    return Posted(question, replies.select_related("generation").order_by("pk").first())


def _find_or_begin(user, conversation_id, begin):
    if not _is_there(conversation_id):
        return begin()
    return lock(user, conversation_id)


@Prepared
def _is_there(conversation_id):
    return Conversation.objects.filter(pk=conversation_id).values_list("pk")


def _parent_of(conversation, parent_id):
    if parent_id is None:
        return conversation.head_id
    if not _may_follow(conversation, parent_id):
        raise Refusal(
            "no_parent", _("The message you answer is not here. Reload the page.")
        )
    shown = conversation.outline.tree.branch(conversation.head_id)
    return conversation.head_id if parent_id in shown else parent_id


def _may_follow(conversation, pk):
    """Whether one goes on from a reply, or from what nobody was to answer.

    Where several write, they may also have missed that it was answered.
    """
    role = conversation.outline.role(pk)
    if role != Message.Role.USER:
        return role is not None
    return conversation.has_people or not conversation.outline.has_reply(pk)


def ask(
    user, conversation, parent_id, text, html, *, client_id, model=None, overrides=None
):
    """Add a question under `parent_id` with an empty reply under it; return Posted.

    Where the persona is not meant, there is no reply.
    """
    version = conversation.persona.version
    persona = conversation.persona
    is_meant = conversation.replies_always or is_mentioned(persona, text)
    if is_meant:
        model = model or version.model or LanguageModel.objects.default()
        _check_size(user, requests.told(version, overrides), text, model)
    question = Message(
        conversation=conversation,
        parent_id=parent_id,
        role=Message.Role.USER,
        author=user,
        text=text,
        html=html,
        renderer_version=rendering.VERSION,
        client_id=client_id,
    )
    insert(question)
    conversation.outline.add(question)
    is_first = conversation.head_id is None
    if not is_meant:
        count(user, "messages_per_minute")
        go_on(conversation, question, question)
        announce_posted(conversation, question, None, client_id=client_id)
        return Posted(question, None, is_first)
    reply = answer(
        user,
        question,
        conversation.persona,
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
