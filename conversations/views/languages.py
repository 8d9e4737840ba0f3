from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from conversations.actions.users import save_settings
from conversations.forms.settings import LanguageChoiceForm

COOKIE_SECONDS = 365 * 24 * 60 * 60


@login_not_required
@require_POST
def language_choose(request):
    """Remember a language: for the person, or for a browser where nobody is known."""
    form = LanguageChoiceForm(request.POST, languages=settings.LANGUAGES)
    if not form.is_valid():
        return HttpResponseBadRequest()
    response = redirect(next_address(request) or reverse(settings.LOGIN_URL))
    language = form.cleaned_data["language"]
    if request.user.is_authenticated:
        save_settings(request.user, {"language": language})
        forget_language(response)
    else:
        remember_language(response, language)
    return response


def remember_language(response, language):
    """Have the browser ask for `language` where nobody is known."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=COOKIE_SECONDS,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )


def forget_language(response):
    """What somebody chose before they signed in counts no more."""
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")


def next_address(request):
    """Return where the form wants to go on, "" if that is not on this site."""
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours and address.startswith("/") else ""
