"""Frames to the browser. Fragments are drawn here, in the language of the reader."""

from django.utils.translation import gettext as _

from conversations.models import SiteSettings
from conversations.templatetags.headers import header_html
from conversations.templatetags.messages import message_html, siblings_html

from . import lists


def accepted(message, client_id, *, is_answered=True):
    """It is saved. `is_answered`: whether a reply to it is on its way."""
    return {
        "type": "message.accepted",
        "client_id": str(client_id),
        "message": message.pk,
        "conversation": str(message.conversation_id),
        "html": message_html(message),
        "answered": is_answered,
    }


def shown(message, others=()):
    """A message that stands on the branch: a person's, or a reply however far.

    `others` are the older versions of its turn, which now have one more beside them.
    """
    kind = "reply.started" if message.is_reply else "message.posted"
    return {
        "type": kind,
        "message": message.pk,
        "parent": message.parent_id,
        "html": message_html(message),
        "siblings": {other.pk: siblings_html(other) for other in others},
    }


def missed():
    """Have the page ask for what it misses: events may have been lost."""
    return {"type": "sync"}


def snapshot(taken):
    """`taken` is what `Draft.snapshot` returns, perhaps in another process."""
    return {
        "type": "reply.snapshot",
        "message": taken["message"],
        "seq": taken["seq"],
        "segments": taken["segments"],
        "reasoning": taken["reasoning"],
        "state": "running",
    }


def saved_snapshot(message):
    """A snapshot from the database, for a reply that is written elsewhere."""
    return snapshot(
        {
            "message": message.pk,
            "seq": message.generation.seq,
            "segments": [message.html] if message.html else [],
            "reasoning": [message.reasoning_html] if message.reasoning_html else [],
        }
    )


def ended(message):
    generation = message.generation
    error = None
    if generation.error_code:
        error = {
            "code": generation.error_code,
            "sentence": str(generation.error_sentence),
        }
    return {
        "type": "reply.ended",
        "message": message.pk,
        "state": generation.state,
        "html": message_html(message),
        "error": error,
    }


def conversation_changed(conversation):
    """What a page of this conversation shows of it outside the thread."""
    return {
        "type": "conversation.changed",
        "conversation": str(conversation.pk),
        "title": conversation.title,
        "header": header_html(conversation, SiteSettings.current()),
        "item": lists.item_html(conversation),
    }


def branch_changed(conversation, messages, after_id):
    """The same, with the messages that now follow `after_id` on the branch."""
    html = "".join(message_html(m) for m in messages)
    return conversation_changed(conversation) | {
        "branch": {"after": after_id, "html": html}
    }


def branch_selected(event):
    """One event `branch.selected` of another tab: which of `versions` was chosen."""
    return {
        "type": "branch.selected",
        "message": event["message"],
        "versions": event["versions"],
    }


def error(code, detail, **references):
    return {"type": "error", "code": code, "detail": detail, **references}


def not_found(**references):
    return error("not_found", _("That message is not here."), **references)


def not_saved(**references):
    """What went wrong is in our log; the page still has what the person typed."""
    detail = _("Your message could not be saved. Your text is still here.")
    return error("not_saved", detail, **references)
