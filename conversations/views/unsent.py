from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from conversations.actions.refusals import Refusal
from conversations.actions.unsent import Conflict, save_unsent
from conversations.forms.unsent import UnsentForm
from conversations.models import Conversation, UnsentText
from conversations.models.unsent import NEW_CHAT

from .scope import gone_is_404


@require_POST
@gone_is_404()
def unsent_save(request):
    """Keep what is in the box: `{"version"}`, "" when nothing is kept now.

    409 says what was written there since, as `unsent_detail` does, and keeps that.
    """
    form = UnsentForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"code": "invalid"}, status=422)
    try:
        unsent = save_unsent(
            user=request.user,
            conversation_id=form.cleaned_data["conversation"],
            text=form.cleaned_data["text"],
            version=form.cleaned_data["version"],
        )
    except Conflict as conflict:
        return JsonResponse(_told(conflict.unsent), status=409)
    except Refusal as refusal:
        refused = {"code": refusal.code, "detail": refusal.detail}
        return JsonResponse(refused, status=422)
    return JsonResponse({"version": unsent.version if unsent else ""})


@require_GET
@never_cache
def unsent_detail(request, conversation_id):
    """What the person left in that box, on any device: `{"text", "version"}`."""
    conversation = None
    if conversation_id != NEW_CHAT:
        mine = Conversation.objects.editable_by(request.user)
        conversation = get_object_or_404(mine.only("pk"), pk=conversation_id)
    return JsonResponse(_told(UnsentText.objects.of(request.user, conversation)))


def _told(unsent):
    if unsent is None:
        return {"text": "", "version": ""}
    return {"text": unsent.text, "version": unsent.version}
