from allauth.core import ratelimit
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2LoginView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from requests import RequestException

from conversations.identity.protocol import CallbackView, Protocol


@login_not_required
@never_cache
def identity_sign_in(request, provider_id):
    """Lead to the provider, by way of a page: a form of ours may lead to none other."""
    if request.method == "POST" and (
        limited := ratelimit.consume_or_429(request, action="login")
    ):
        return limited
    response = _answered(OAuth2LoginView, request, provider_id)
    if response.status_code != 302:
        return response
    context = {"address": response.url}
    return render(request, "socialaccount/leave.html", context)


@login_not_required
@never_cache
def identity_callback(request, provider_id):
    """Where the provider leads back to."""
    return _answered(CallbackView, request, provider_id)


def _answered(view, request, provider_id):
    protocol = Protocol(request, provider_id)
    try:
        provider = protocol.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    try:
        return view.adapter_view(protocol)(request)
    except (OAuth2Error, RequestException) as error:
        return render_authentication_error(request, provider, exception=error)
