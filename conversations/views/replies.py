from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.actions.branches import select_branch
from conversations.actions.choices import models_for, personas_for
from conversations.actions.comparisons import compare_replies, keep_reply
from conversations.actions.refusals import Refusal
from conversations.actions.replies import continue_reply, regenerate_reply, stop_reply
from conversations.forms import AskingForm, ComparingForm

from .scope import editable_message, ended_reply, gone_is_404


@require_GET
def reply_again(request, conversation_id, message_id):
    """Whom to ask for another reply."""
    message = ended_reply(editable_message(request, conversation_id, message_id))
    return _draw_choices(request, message, "reply_again")


@require_POST
def reply_regenerate(request, conversation_id, message_id):
    reply = editable_message(request, conversation_id, message_id)
    form = AskingForm(request.POST)
    chosen = form.cleaned_data if form.is_valid() else {"persona": "-", "model": None}
    return _acted(
        request,
        reply,
        regenerate_reply,
        user=request.user,
        reply=reply,
        persona_slug=chosen["persona"],
        model_id=chosen["model"],
    )


@require_http_methods(["GET", "POST"])
def reply_compare(request, conversation_id, message_id):
    """Ask two at once, and read their replies side by side."""
    message = editable_message(request, conversation_id, message_id)
    if request.method == "GET":
        return _draw_choices(request, message, "reply_compare")
    form = ComparingForm(request.POST)
    is_valid = form.is_valid()
    return _acted(
        request,
        message,
        compare_replies,
        user=request.user,
        message=message,
        personas=form.personas if is_valid else (),
        models=form.models if is_valid else (),
    )


@require_POST
def reply_keep(request, conversation_id, message_id):
    reply = editable_message(request, conversation_id, message_id)
    return _acted(request, reply, keep_reply, user=request.user, reply=reply)


@require_POST
def reply_continue(request, conversation_id, message_id):
    reply = editable_message(request, conversation_id, message_id)
    return _acted(request, reply, continue_reply, user=request.user, reply=reply)


@require_POST
def reply_stop(request, conversation_id, message_id):
    reply = editable_message(request, conversation_id, message_id)
    return _acted(request, reply, stop_reply, reply=reply)


@require_POST
def branch_select(request, conversation_id, message_id):
    message = editable_message(request, conversation_id, message_id)
    return _acted(request, message, select_branch, user=request.user, message=message)


def _draw_choices(request, message, name):
    """Draw the page `name`, or what of it goes into a dialog."""
    own = message.persona if message.is_reply else message.conversation.persona
    context = {
        "message": message,
        "personas": list(personas_for(request.user)),
        "models": list(models_for(request.user)),
        "own_slug": own.slug,
    }
    part = f"conversations/_{name}.html"
    whole = f"conversations/{name}.html"
    return render(request, part if "fragment" in request.GET else whole, context)


@gone_is_404()
def _acted(request, message, action, /, **arguments):
    """Do it, and go back to the conversation; a refusal is said at its top."""
    try:
        action(**arguments)
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    return redirect(message.conversation)
