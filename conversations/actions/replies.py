from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import events, tracing, usage
from conversations.generation import claiming, process
from conversations.generation.outcome import Outcome
from conversations.generation.settling import settle
from conversations.models import Generation, LanguageModel, Message, Persona
from conversations.models.limits import limit_of
from conversations.models.participants import readers_of
from conversations.models.prepared import Prepared
from conversations.models.prepared_writes import insert

from .branches import go_on, leave_version
from .budgets import refused_when_used_up
from .choices import find_model, find_persona, personas_for
from .conversations import lock
from .refusals import Refusal, SentAsElse, count
from .turns import take_turn

State = Generation.State


def answer(
    user,
    question,
    persona,
    *,
    model=None,
    overrides=None,
    client_id=None,
    asked_as=None,
    is_compared=False,
):
    """Add an empty reply by `persona` to `question` and have it written; return it.

    `client_id` is that of the question, if it was posted just now; `asked_as` that of
    who asked for another reply.
    """
    conversation = question.conversation
    check_may_answer(user, persona)
    version = persona.version
    version.persona = persona  # as is known: whoever shows it need not ask
    reply = Message(
        conversation=conversation,
        parent=question,
        role=Message.Role.ASSISTANT,
        client_id=asked_as,
    )
    insert(reply)
    if conversation.outline is not None:
        conversation.outline.add(reply)
    generation = Generation(
        message=reply,
        persona_version=version,
        model=model,
        overrides=overrides or {},
        is_compared=is_compared,
        trace_id=tracing.current(),
        asked_by=user,
    )
    with refused_when_used_up():
        job = claiming.enter(generation)
    go_on(conversation, question, reply)
    announce_posted(conversation, question, reply, client_id=client_id)
    transaction.on_commit(lambda: process.start(generation.pk, job))
    return reply


@transaction.atomic
def regenerate_reply(*, user, reply, persona_slug="", model_id=None, client_id=None):
    """Have the question of `reply` answered once more, as a sibling; return it.

    The persona that wrote it, or that of `persona_slug`, answers as it is now, not as
    it was; with the model of that id in place of its own. The same `client_id` again
    returns what it made the first time. Raises Refusal for a person's
    message, for a reply that is still being written, and for a persona or a model that
    is not for `user` to choose.
    """
    check_ended(reply)
    conversation = lock(user, reply.conversation_id)
    if before := asked_before(conversation, reply.parent_id, client_id):
        return before
    persona = find_persona(
        user, persona_slug, default=writer_of(user, reply, conversation)
    )
    question = Message.objects.get(pk=reply.parent_id)
    question.conversation = conversation
    leave_version(conversation, reply)
    Generation.objects.beside(reply).filter(is_compared=True).update(is_compared=False)
    model = find_model(user, model_id)
    return answer(user, question, persona, model=model, asked_as=client_id)


def asked_before(conversation, question_id, client_id):
    """Return the reply to that question that was asked for by that id, or None.

    The caller holds the conversation's lock, so that it is not made meanwhile. Raises
    SentAsElse when that is the id of another message.
    """
    if client_id is None:
        return None
    sent = conversation.messages.filter(client_id=client_id).first()
    if sent and not (sent.is_reply and sent.parent_id == question_id):
        raise SentAsElse
    return sent


def writer_of(user, reply, conversation):
    """Return who wrote `reply` if they still answer, else the conversation's persona.

    One that was brought in from elsewhere was written by nobody who could.
    """
    if reply.persona == conversation.persona:
        return conversation.persona
    still = personas_for(user).filter(pk=reply.persona.pk).first()
    return still or conversation.persona


@transaction.atomic
def continue_reply(*, user, reply):
    """Go on with a reply that ended early, in the same message; return it.

    One that goes on already is left alone: twice is once. Raises Refusal when there is
    nothing to go on from, and Conversation.DoesNotExist when it is not theirs to write
    in any more.
    """
    _check_reply(reply)
    lock(user, reply.conversation_id)
    if Generation.objects.open().filter(message=reply).exists():
        return reply
    check_may_answer(user, reply.persona)
    generation = Generation.objects.select_for_update().get(message=reply)
    if not (generation.state in Generation.UNFINISHED and reply.text):
        raise Refusal("complete", _("There is nothing to continue here."))
    _check_still_theirs(user, generation)
    with refused_when_used_up():
        usage.check(user.pk, reply.persona.pk, claiming.model_of(generation))
    generation.asked_by = user
    generation.state = State.QUEUED
    generation.owner = generation.error_code = generation.request_id = ""
    generation.error_status = None
    generation.stop_requested = False
    generation.trace_id = tracing.current()
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
    is_queued = generation.state == State.QUEUED
    if is_queued and settle(generation, Outcome(State.STOPPED), state=State.QUEUED):
        return
    running = Generation.objects.filter(pk=generation.pk, state=State.RUNNING)
    if running.update(stop_requested=True):
        owner = running.values_list("owner", flat=True).first() or ""
        process.stop(reply.pk, owner, seen=seen)


def announce_posted(conversation, question, reply, *, client_id=None):
    """Tell every tab; the one that sent it as `client_id` knows already.

    `reply` is None where none is written.
    """
    events.publish_on_commit(
        events.conversation_group(conversation.pk),
        events.MESSAGE_POSTED,
        question=question.pk,
        reply=reply and reply.pk,
        client_id=str(client_id or ""),
    )
    for reader_id in readers_of(conversation):
        events.publish_on_commit(
            events.user_group(reader_id),
            events.CONVERSATION_CHANGED,
            conversation=str(conversation.pk),
        )


def check_ended(reply):
    """Refuse a person's message, and a reply that is still being written."""
    _check_reply(reply)
    if reply.generation.is_open:
        raise Refusal("still_open", _("This reply is still being written."))


def _check_reply(reply):
    if not reply.is_reply:
        raise Refusal("no_reply", _("That is not a reply."))


def check_may_answer(user, persona):
    """Refuse a reply by a persona that `user` may not use, or one too many at once."""
    if not (_is_offered(persona.pk, user.pk) or _may_try(persona, user)):
        raise _persona_gone()
    count(user, "messages_per_minute")
    take_turn(user.pk)
    if len(_open_replies(user.pk)) >= limit_of(user.pk, "open_replies"):
        raise Refusal(
            "too_many",
            _("Too many replies are being written for you. Wait for one to end."),
        )


def _check_still_theirs(user, generation):
    """See to it that `generation` goes on by what `user` may have answer.

    What a file says of a version was not written by it: the persona goes on as it is
    now. The model of an earlier version may be for others by now.
    """
    if not generation.was_written_here:
        generation.persona_version = generation.persona_version.persona.version
    model = generation.model or generation.persona_version.model
    if model is None or model == LanguageModel.objects.default():
        return
    if not LanguageModel.objects.usable_by(user).filter(pk=model.pk).exists():
        raise _persona_gone()


def _persona_gone():
    return Refusal(
        "persona_gone",
        _("You cannot talk to this persona any more. Start a new chat."),
    )


@Prepared
def _is_offered(persona_id, user_id):
    offered = Persona.objects.offered_to(user_id).filter(pk=persona_id)
    return offered.values_list("pk")


def _may_try(persona, user):
    return Persona.objects.usable_by(user).filter(pk=persona.pk).exists()


@Prepared
def _open_replies(user_id):
    return Generation.objects.open().filter(asked_by=user_id).values_list("pk")
