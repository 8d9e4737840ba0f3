"""What is left to somebody who writes, as a frame."""

from django.template.loader import render_to_string

from conversations import usage
from conversations.models import Conversation


def frames(user, persona_id):
    """Return the frame that says what is left; none where there is no budget."""
    left = usage.scarcest_for(user.pk, persona_id)
    return [changed(left)] if left else []


def frames_in(user, conversation_id):
    """The same for whoever looks at that conversation."""
    if not usage.are_any():
        return []
    rows = Conversation.objects.filter(pk=conversation_id)
    return frames(user, rows.values_list("persona", flat=True).first())


def changed(left):
    html = render_to_string("conversations/_budget.html", {"left": left})
    return {"type": "budget.changed", "html": html}
