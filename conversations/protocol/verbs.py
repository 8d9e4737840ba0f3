"""What each frame from the browser does, and the frames that answer it."""

import logging

from django.db import DatabaseError
from django.utils.translation import gettext as _

from conversations import thread
from conversations.actions.branches import select_branch
from conversations.actions.comparisons import compare_replies, keep_reply
from conversations.actions.conversations import mark_read
from conversations.actions.messages import edit_message, post_message
from conversations.actions.refusals import Refusal
from conversations.actions.replies import continue_reply, regenerate_reply, stop_reply
from conversations.generation import process
from conversations.models import Conversation, Message
from conversations.models.prepared import Prepared

from . import answers, budgets
from .frames import FrameError

logger = logging.getLogger(__name__)


def handle(user, conversation_id, frame):
    """Do what `frame` says for `user` and return the frames to send back.

    Raises Conversation.DoesNotExist when the conversation, or the message it names, is
    not theirs or not there.
    """
    if frame.type not in _VERBS:
        raise FrameError("unknown_type", _("There is no such frame here."))
    try:
        return _VERBS[frame.type](user, conversation_id, frame)
    except Refusal as refusal:
        return [answers.error(refusal.code, refusal.detail, **frame.references)]
    except Message.DoesNotExist:
        raise Conversation.DoesNotExist from None
    except DatabaseError:
        logger.exception("The frame %s was not saved", frame.type)
        return [answers.not_saved(**frame.references)]


def _send(user, conversation_id, frame):
    posted = post_message(
        user=user,
        conversation_id=conversation_id,
        text=frame["text"],
        client_id=frame["client_id"],
        parent_id=frame["parent"],
        persona_slug=frame["persona"],
        folder_id=frame["folder"],
        is_temporary=frame["temporary"],
    )
    return _posted(user, frame, posted)


def _edit(user, conversation_id, frame):
    posted = edit_message(
        user=user,
        message=_message(user, conversation_id, frame),
        text=frame["text"],
        client_id=frame["client_id"],
    )
    return _posted(user, frame, posted)


def _posted(user, frame, posted):
    conversation = posted.question.conversation
    shown = [message for message in (posted.question, posted.reply) if message]
    question, *replies = thread.prepare(conversation, shown)
    conversation.outline = None  # it would live as long as the reply is written
    is_answered = bool(replies)
    frames = [answers.accepted(question, frame["client_id"], is_answered=is_answered)]
    if frame.type == "message.edit":
        # First: what is accepted has its place on the branch by then.
        changed = [question, *replies], question.parent_id
        frames.insert(0, answers.branch_changed(conversation, *changed))
    else:
        frames += [answers.shown(reply) for reply in replies]
    if posted.is_first:
        frames.append(answers.conversation_changed(conversation))
    return frames + budgets.frames(user, conversation.persona_id)


def _regenerate(user, conversation_id, frame):
    reply = regenerate_reply(
        user=user,
        reply=_message(user, conversation_id, frame),
        persona_slug=frame["persona"],
        model_id=frame["model"],
        client_id=frame["client_id"],
    )
    return _shown_instead(user, conversation_id, [reply])


def _shown_instead(user, conversation_id, replies):
    """Show `replies` in place of the others to the same question."""
    conversation = find(user, conversation_id)
    shown = thread.show_messages(conversation, [reply.pk for reply in replies])
    changed = answers.branch_changed(conversation, shown, replies[0].parent_id)
    return [changed, *budgets.frames(user, conversation.persona_id)]


def _compare(user, conversation_id, frame):
    replies = compare_replies(
        user=user,
        message=_message(user, conversation_id, frame),
        personas=frame["personas"],
        models=frame["models"],
        client_id=frame["client_id"],
    )
    return _shown_instead(user, conversation_id, replies)


def _keep(user, conversation_id, frame):
    reply = _message(user, conversation_id, frame)
    keep_reply(user=user, reply=reply)
    return [branch_frame(find(user, conversation_id), reply.parent_id)]


def _continue(user, conversation_id, frame):
    reply = continue_reply(user=user, reply=_message(user, conversation_id, frame))
    conversation = find(user, conversation_id)
    return [answers.shown(m) for m in thread.show_messages(conversation, [reply.pk])]


def _stop(user, conversation_id, frame):
    stop_reply(reply=_message(user, conversation_id, frame), seen=frame["seq"])
    return []


def _select(user, conversation_id, frame):
    message = _message(user, conversation_id, frame)
    select_branch(user=user, message=message)
    return [branch_frame(find(user, conversation_id), message.parent_id)]


def branch_frame(conversation, after_id):
    """The frame that shows what follows `after_id` on the branch selected last."""
    shown = thread.missed_after(conversation, after_id).messages
    return answers.branch_changed(conversation, shown, after_id)


def _read(user, conversation_id, frame):
    mark_read(conversation=find(user, conversation_id))
    return []


def sync(user, conversation_id, frame):
    """Return `(frames, replies)`: what the tab misses, and the replies that go on.

    `replies` are open Messages; how far they are is known to whoever writes them.
    """
    conversation = find(user, conversation_id)
    known = thread.show_messages(conversation, frame["seq"])
    known = [m for m in known if m.is_reply]
    frames = [answers.ended(m) for m in known if not m.generation.is_open]
    if frames:
        frames += budgets.frames(user, conversation.persona_id)
    missed = thread.missed_after(conversation, frame["head"], stays=frame["stays"])
    missing = missed.messages
    if missed.is_other:
        frames.append(answers.branch_changed(conversation, missing, missed.after_id))
    else:
        if frame["title"] not in (None, conversation.title):
            frames.append(answers.conversation_changed(conversation))
        missing = [m for m in missing if m.pk not in frame["seq"]]
        frames += [answers.shown(m) for m in missing]
    if other := missed.elsewhere:
        frames.append(answers.shown(other, thread.siblings(other)))
    replies = [m for m in [*known, *missing] if m.is_reply and m.generation.is_open]
    return frames, list({m.pk: m for m in replies}.values())


def progress_since(message, seq):
    """Return the frames after `seq` of a reply written here, None of any other."""
    draft = process.draft(message.pk)
    if draft is None:
        return None
    patches = draft.since(seq) if seq else None
    if patches is None:
        return [answers.snapshot(draft.snapshot())]
    return [patch.frame(message.pk) for patch in patches]


def find(user, conversation_id):
    """Return the conversation as `user` sees it; raises Conversation.DoesNotExist."""
    if own := _own(user.pk, conversation_id):
        return own[0]
    found = _with_people(Conversation.objects.visible_to(user))
    return found.get(pk=conversation_id).seen_by(user.pk)


@Prepared
def _own(user_id, conversation_id):
    rows = Conversation.objects.owned_by(user_id).filter(pk=conversation_id)
    return _with_people(rows)


def _with_people(conversations):
    return conversations.select_related("persona", "owner")


def _message(user, conversation_id, frame):
    message = (
        Message.objects.editable_by(user)
        .select_related(
            "conversation", "parent", "generation__persona_version__persona"
        )
        .get(pk=frame["message"], conversation=conversation_id)
    )
    message.conversation.seen_by(user.pk)
    return message


_VERBS = {
    "message.send": _send,
    "message.edit": _edit,
    "reply.regenerate": _regenerate,
    "reply.continue": _continue,
    "reply.stop": _stop,
    "reply.compare": _compare,
    "reply.keep": _keep,
    "branch.select": _select,
    "conversation.read": _read,
}
