"""The addresses of second factors.

allauth's pages are imported as somebody asks for them: what they know of passkeys takes
a good part of the time in which the site starts.
"""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.utils.module_loading import import_string

from conversations.views import factors


def later(name):
    """Return allauth's view of that name, which is imported when it is asked for."""

    def view(request, *args, **kwargs):
        return import_string(f"allauth.mfa.{name}")(request, *args, **kwargs)

    return view


# By the names that allauth knows them by. Those on the way in are for everybody.
urlpatterns = [
    path("", factors.factor_index, name="mfa_index"),
    path(
        "authenticate/",
        login_not_required(later("base.views.authenticate")),
        name="mfa_authenticate",
    ),
    path(
        "reauthenticate/",
        later("base.views.reauthenticate"),
        name="mfa_reauthenticate",
    ),
    path(
        "totp/activate/",
        later("totp.views.activate_totp"),
        name="mfa_activate_totp",
    ),
    path(
        "totp/deactivate/",
        later("totp.views.deactivate_totp"),
        name="mfa_deactivate_totp",
    ),
    path(
        "recovery-codes/",
        later("recovery_codes.views.view_recovery_codes"),
        name="mfa_view_recovery_codes",
    ),
    path(
        "recovery-codes/generate/",
        later("recovery_codes.views.generate_recovery_codes"),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "webauthn/",
        later("webauthn.views.list_webauthn"),
        name="mfa_list_webauthn",
    ),
    path(
        "webauthn/add/",
        later("webauthn.views.add_webauthn"),
        name="mfa_add_webauthn",
    ),
    path(
        "webauthn/login/",
        login_not_required(later("webauthn.views.login_webauthn")),
        name="mfa_login_webauthn",
    ),
    path(
        "webauthn/reauthenticate/",
        later("webauthn.views.reauthenticate_webauthn"),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "webauthn/keys/<int:pk>/edit/",
        later("webauthn.views.edit_webauthn"),
        name="mfa_edit_webauthn",
    ),
    path(
        "webauthn/keys/<int:pk>/remove/",
        factors.passkey_remove,
        name="mfa_remove_webauthn",
    ),
]
