"""To the provider and back. Imported by the first who goes: it takes a while."""

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2LoginView
from django.http import Http404
from requests import RequestException

from .protocol import CallbackView, Protocol


def leave(request, provider_id):
    """Answer who wants to go there; Http404 for an unknown provider."""
    return _answered(OAuth2LoginView, request, provider_id)


def come_back(request, provider_id):
    """Answer who was there; Http404 for an unknown provider."""
    return _answered(CallbackView, request, provider_id)


def _answered(view, request, provider_id):
    protocol = Protocol(request, provider_id)
    try:
        provider = protocol.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    try:
        return view.adapter_view(protocol)(request)
    except (OAuth2Error, RequestException, RecursionError) as error:  # JSON may be deep
        return render_authentication_error(request, provider, exception=error)
