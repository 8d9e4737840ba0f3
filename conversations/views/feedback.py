from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from conversations.actions.feedback import give_feedback, take_back_feedback
from conversations.actions.refusals import Refusal
from conversations.forms import FeedbackForm
from conversations.models import Feedback

from .scope import visible_message


@require_GET
def message_detail(request, conversation_id, message_id):
    """What there is to know of a message, and what can be done with it."""
    return _draw(request, visible_message(request, conversation_id, message_id))


@require_POST
def feedback_give(request, conversation_id, message_id):
    """Good, bad, a note; or no verdict, which takes it back."""
    message = visible_message(request, conversation_id, message_id)
    form = FeedbackForm(request.POST)
    error = ""
    try:
        _give(request.user, message, form)
    except Refusal as refusal:
        error = refusal.detail
    return _draw(request, message, error=error, form=form)


def _give(user, reply, form):
    if not form.is_valid():
        give_feedback(user=user, reply=reply, verdict="")
    elif form.cleaned_data["verdict"]:
        give_feedback(user=user, reply=reply, **form.cleaned_data)
    else:
        take_back_feedback(user=user, reply=reply)


def _draw(request, message, *, error="", form=None):
    mine = Feedback.objects.filter(reply=message.pk, user=request.user)
    feedback = mine.first() if message.is_reply else None
    context = {
        "message": message,
        "feedback": feedback,
        "error": error,
        "is_noted": bool(form and feedback and not error and form.data.get("note")),
        "note": form.data.get("note", "") if error else getattr(feedback, "note", ""),
    }
    name = "_message_menu" if "fragment" in request.GET else "message_detail"
    template = f"conversations/{name}.html"
    return render(request, template, context, status=422 if error else 200)
