"""Messages shown to the moderators, for those who report them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from conversations.actions.refusals import Refusal
from conversations.actions.reports import report_message, report_share
from conversations.forms.reports import ReportForm
from conversations.models import Report, Share

from .framing import render_framed
from .scope import visible_message
from .shared import discreet

MOST_SHOWN = 200


@never_cache
@require_GET
def report_list(request):
    """What I have reported, and what became of it."""
    rows = Report.objects.visible_to(request.user).defer("content")
    reports = rows.select_related("conversation", "persona")[:MOST_SHOWN]
    return render_framed(request, "conversations/report_list.html", reports=reports)


@never_cache
@require_http_methods(["GET", "POST"])
def report_create(request, conversation_id, message_id):
    """Report a message."""
    message = visible_message(request, conversation_id, message_id)
    if message.is_reply and message.generation.is_open:
        raise Http404
    return _answer(request, report_message, message=message)


@require_http_methods(["GET", "POST"])
@discreet
def report_share_create(request, token):
    """Report the page that a link leads to."""
    shares = Share.objects.visible_to(request.user).exclude(author=request.user)
    rows = shares.select_related("conversation__persona")
    return _answer(request, report_share, share=get_object_or_404(rows, token=token))


def _answer(request, report, **what):
    form = ReportForm(request.POST or None)
    status = 200 if request.method == "GET" else 422
    if request.method == "POST" and form.is_valid():
        try:
            report(user=request.user, **what, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.detail)
        else:
            messages.success(request, _("The moderators have received your report."))
            return redirect("conversations:report_list")
    context = {"form": form, **what}
    template = "conversations/report_create.html"
    return render(request, template, context, status=status)
