"""Two replies to one question, side by side until one of them is kept."""

from itertools import zip_longest

from django.db import transaction
from django.utils.translation import gettext as _

from conversations import usage
from conversations.models import Generation, Message

from .branches import go_on, leave_version, select_branch
from .choices import find_model, find_persona
from .conversations import lock
from .refusals import Refusal
from .replies import (
    announce_posted,
    answer,
    asked_before,
    check_ended,
    stop_reply,
    writer_of,
)
from .turns import take_turn


@transaction.atomic
def compare_replies(*, user, message, personas, models=(), client_id=None):
    """Put two replies to one question side by side; return both, the older first.

    `personas` are two slugs, "" for the conversation's own, and `models` the ids of
    theirs, None for a persona's own: both are asked at once. One persona alone is
    compared with the reply that `message` is. The same `client_id` again returns what
    it put there the first time. Raises Refusal for what `user` may not
    choose, for two that are the same and for more replies than may be written at once.
    """
    is_two = len(personas) == 2 or (len(personas) == 1 and message.is_reply)
    if not is_two or len(models) > len(personas):
        raise Refusal("not_two", _("Choose two to compare."))
    pairs = zip_longest(personas, models)
    conversation = lock(user, message.conversation_id)
    question = message
    if message.is_reply:
        check_ended(message)
        question = Message.objects.get(pk=message.parent_id)
    if before := asked_before(conversation, question.pk, client_id):
        return _compared(question) or [before]
    question.conversation = conversation
    chosen = [_chosen(user, conversation, message, *pair) for pair in pairs]
    if len(chosen) == 2 and chosen[0] == chosen[1]:
        raise Refusal("the_same", _("Choose two that differ."))
    _leave(conversation, question)
    return _compare(user, question, chosen, message, client_id)


def _compared(question):
    replies = Message.objects.filter(parent=question, generation__is_compared=True)
    return list(replies.order_by("pk"))


def _chosen(user, conversation, message, slug, model_id):
    default = conversation.persona
    if message.is_reply:
        default = writer_of(user, message, conversation)
    return find_persona(user, slug, default=default), find_model(user, model_id)


def _leave(conversation, question):
    """Remember where the question's last reply was left; what was compared is over."""
    children = Message.objects.filter(parent=question)
    if (last := children.order_by("pk").last()) is not None:
        leave_version(conversation, last)
        Generation.objects.beside(last).update(is_compared=False)


def _compare(user, question, chosen, message, client_id):
    conversation = question.conversation
    if len(chosen) == 1:
        Generation.objects.filter(message=message).update(is_compared=True)
        announce_posted(conversation, question, message)
    take_turn(user.pk)
    usage.line_up(user.pk, [persona.pk for persona, _model in chosen])
    ids = [client_id, None]  # each once in a conversation
    replies = [
        answer(
            user, question, persona, model=model, asked_as=asked_as, is_compared=True
        )
        for (persona, model), asked_as in zip(chosen, ids, strict=False)
    ]
    if len(replies) == 1:
        return [message, *replies]
    # Who writes on without choosing goes on with the first.
    go_on(conversation, question, replies[0])
    return replies


@transaction.atomic
def keep_reply(*, user, reply):
    """Go on with one of the two that are compared; the other stays a version of it.

    What is still being written of the other is stopped. Of a reply that is compared
    with none, it is only shown.
    """
    if not reply.is_reply:
        raise Refusal("no_reply", _("That is not a reply."))
    conversation = lock(user, reply.conversation_id)
    compared = Generation.objects.beside(reply).filter(is_compared=True)
    others = compared.exclude(message=reply).open().select_related("message__parent")
    for generation in others:
        _stop_on_commit(generation.message)
    compared.update(is_compared=False)
    select_branch(user=user, message=reply)
    announce_posted(conversation, reply.parent, reply)


def _stop_on_commit(reply):
    transaction.on_commit(lambda: stop_reply(reply=reply))
