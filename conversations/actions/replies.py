from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.generation import process
from conversations.generation.settling import Outcome, settle
from conversations.models import Generation, Message

from .messages import announce_posted, answer, check_may_answer
from .refusals import Refusal

State = Generation.State


@transaction.atomic
def regenerate_reply(*, user, reply):
    """Have the question of `reply` answered once more, as a sibling; return it.

    The persona answers as it is now, not as it was. Raises Refusal for a person's
    message and for a reply that is still being written.
    """
    _check_reply(reply)
    if reply.generation.is_open:
        raise Refusal("still_open", _("This reply is still being written."))
    question = Message.objects.select_related("conversation__persona__version").get(
        pk=reply.parent_id
    )
    return answer(user, question, question.conversation.persona.version)


@transaction.atomic
def continue_reply(*, user, reply):
    """Go on with a reply that ended early, in the same message; return it.

    Raises Refusal when there is nothing to go on from.
    """
    _check_reply(reply)
    check_may_answer(user, reply.persona)
    generation = Generation.objects.select_for_update().get(message=reply)
    if not (generation.state in Generation.UNFINISHED and reply.text):
        raise Refusal("complete", _("There is nothing to continue here."))
    generation.state = State.QUEUED
    generation.owner = generation.error_code = ""
    generation.stop_requested = False
    generation.ended_at = None
    generation.created_at = timezone.now()
    generation.save()
    announce_posted(reply.conversation, reply.parent, reply)
    transaction.on_commit(lambda: process.start(generation.pk))
    return reply


def stop_reply(*, reply, seen=None):
    """End a reply that is being written, in whatever process, keeping its text.

    `seen` is the last frame that was shown to whoever stops it. Stopping what has
    ended does nothing.
    """
    _check_reply(reply)
    generation = reply.generation
    if settle(generation, Outcome(State.STOPPED), state=State.QUEUED):
        return
    running = Generation.objects.filter(pk=generation.pk, state=State.RUNNING)
    if running.update(stop_requested=True):
        owner = running.values_list("owner", flat=True).first() or ""
        async_to_sync(process.stop)(reply.pk, owner, seen=seen)


def _check_reply(reply):
    if not reply.is_reply:
        raise Refusal("no_reply", _("That is not a reply."))
