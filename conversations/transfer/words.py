"""What the readable formats say around a message, in the language of their reader."""

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from conversations.models import Generation

State = Generation.State


def facts(conversation):
    """Return with whom and when a conversation was, in one line."""
    persona = conversation.persona.shown_name
    return f"{persona} · {moment(conversation.created_at)}"


def author(message):
    """Return who speaks."""
    if message.is_reply:
        return message.persona.shown_name
    return message.written_by or _("Somebody")


def heading(message):
    """Return who speaks, when, and which version of this turn it is, in one line."""
    parts = [author(message), moment(message.created_at)]
    if message.siblings:
        parts.append(version(message))
    return " · ".join(parts)


def version(message):
    """Return which of several versions of this turn it is; "" of a single one."""
    if not message.siblings:
        return ""
    place = message.siblings
    return _("version %(number)d of %(count)d") % {
        "number": place.position,
        "count": place.count,
    }


def note(message):
    """Return in a sentence why a reply has no end; "" if it has, and of a question."""
    if message.state in (State.QUEUED, State.RUNNING):
        return _("This reply was still being written.")
    if message.state == State.STOPPED:
        return _("This reply was stopped.")
    if message.state == State.CUT_OFF:
        return _("This reply was cut off.")
    if message.state == State.INTERRUPTED:
        return _("This reply was interrupted.")
    if message.state == State.FAILED:
        return _("No reply came.")
    return ""


def moment(at):
    """Return a date and time, where and as the reader tells them."""
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")
