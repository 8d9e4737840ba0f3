from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from conversations.actions.administrators import create_administrator, is_setup_token
from conversations.actions.refusals import Refusal
from conversations.forms import AdministratorForm

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_not_required
@require_http_methods(["GET", "POST"])
def administrator_create(request, token):
    """The page behind the link that the server prints while nobody administers it."""
    if not is_setup_token(token):
        raise Http404
    form = AdministratorForm(request.POST or None)
    if not form.is_valid():
        context = {"form": form, "token": token}
        return render(request, "conversations/administrator_create.html", context)
    try:
        user = create_administrator(
            username=form.cleaned_data["username"],
            email=form.cleaned_data["email"],
            password=form.cleaned_data["password1"],
        )
    except Refusal:
        raise Http404 from None
    login(request, user, backend=BACKEND)
    UserSession.objects.create_from_request(request)
    return redirect("conversations:conversation_new")
