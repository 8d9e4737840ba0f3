from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from conversations.actions.refusals import Refusal
from conversations.actions.terms import accept_terms
from conversations.models import Terms

from .languages import next_address


@require_GET
@login_not_required
def terms_detail(request):
    """The terms in force, for everybody to read; who owes them can accept them."""
    address = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()})
    return render_terms(request, next_address=address if is_ours else "")


@require_POST
def terms_accept(request):
    asked = request.POST.get("terms", "")
    is_id = asked.isdecimal() and len(asked) < 19
    try:
        accept_terms(user=request.user, terms_id=int(asked) if is_id else 0)
    except Refusal as refusal:
        if Terms.current() is None:  # they were withdrawn meanwhile
            return redirect(next_address(request) or "/")
        return render_terms(request, status=409, refusal=refusal.detail)
    return redirect(next_address(request) or "/")


def render_terms(request, *, status=200, **context):
    """Draw the page of the terms in force."""
    terms = Terms.current()
    if terms is None:
        raise Http404
    user = request.user
    context |= {"terms": terms}
    if user.is_authenticated:
        context["owed"] = Terms.owed_by(user)
        accepted = user.acceptances.filter(terms=terms).first()
        context["accepted_at"] = accepted and accepted.accepted_at
    return render(request, "conversations/terms_detail.html", context, status=status)
