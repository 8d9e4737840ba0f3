from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from conversations import locales
from conversations.actions.users import save_settings
from conversations.forms.settings import (
    AppearanceForm,
    LanguageForm,
    ThemeForm,
    WritingForm,
)

from .factors import security_of
from .framing import render_framed
from .languages import forget_language, next_address
from .sessions import sessions_of

SETTINGS = "conversations:settings_detail"
SECTIONS = {
    "appearance": AppearanceForm,
    "language": LanguageForm,
    "writing": WritingForm,
}
# What the menu saves by itself, without the rest of its section.
PARTS = SECTIONS | {"theme": ThemeForm}


@require_GET
def settings_detail(request):
    return _render(request)


@require_POST
def settings_save(request, section):
    if section not in PARTS:
        raise Http404
    form = PARTS[section](request.POST, instance=request.user)
    if not form.is_valid():
        return _render(request, status=422, refused={section: form})
    save_settings(request.user, form.cleaned_data)
    response = redirect(next_address(request) or f"{reverse(SETTINGS)}#{section}")
    if section == "language":
        forget_language(response)
    if section != "theme":  # it shows
        with _locale(request).active():
            messages.success(request, _("Your settings are saved."))
    return response


def _locale(request):
    """The language in which the next page will be, once what was saved counts."""
    accepted = request.headers.get("Accept-Language", "")
    return locales.of_visitor(request.user, cookies={}, accept_language=accepted)


def _render(request, *, status=200, refused=None):
    # A form that was refused has changed its user, but not what is saved.
    request.user.refresh_from_db()
    forms = {name: form(instance=request.user) for name, form in SECTIONS.items()}
    return render_framed(
        request,
        "conversations/settings_detail.html",
        status=status,
        forms=forms | (refused or {}),
        sessions=sessions_of(request),
        security=security_of(request.user),
    )
