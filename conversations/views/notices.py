from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from conversations.actions.notices import dismiss_notice
from conversations.models import Notice

from .answering import wants_frames
from .languages import next_address


@require_GET
def notice_list(request):
    """What stands on top of each page, for a page that is open already.

    It was told that there is something new: what this process remembers is too old.
    """
    notices = Notice.objects.visible_to(request.user)
    return render(request, "_site_notices.html", {"site_notices": notices})


@require_POST
def notice_dismiss(request, notice_id):
    shown = Notice.objects.meant_for(request.user).filter(may_be_dismissed=True)
    dismiss_notice(notice=get_object_or_404(shown, pk=notice_id), user=request.user)
    if wants_frames(request):
        return HttpResponse(status=204)
    return redirect(next_address(request) or "/")
