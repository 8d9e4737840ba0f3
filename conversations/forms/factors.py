"""allauth's forms for second factors, with what this site asks beside."""

import struct

from allauth.mfa.adapter import get_adapter
from allauth.mfa.app_settings import TOTP_PERIOD, TOTP_TOLERANCE
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode
from fido2.webauthn import AuthenticatorData, CollectedClientData

from conversations import origins

# A code counts in the time before and after its own, too.
CODE_SECONDS = TOTP_PERIOD * (2 * TOTP_TOLERANCE + 1)


def code_field(label):
    attributes = {
        "autocomplete": "one-time-code",
        "autofocus": True,
        "inputmode": "numeric",
    }
    widget = forms.TextInput(attrs=attributes)
    return forms.CharField(label=label, max_length=32, widget=widget)


class OnceMixin:
    """A code counts once, however long it would fit."""

    def clean_code(self):
        code = super().clean_code()
        digits = "".join(character for character in code if character.isalnum())
        key = f"factors.used.{self.user.pk}.{digits}"
        if not cache.add(key, True, CODE_SECONDS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(OnceMixin, AuthenticateForm):
    code = code_field(_("Code of the app, or a recovery code"))


class CodeAgainForm(OnceMixin, ReauthenticateForm):
    code = code_field(_("Code of the app, or a recovery code"))


class AppAddForm(OnceMixin, ActivateTOTPForm):
    code = code_field(_("Code that the app shows"))


# What reading a credential that no browser made may come to.
NONSENSE = (
    *(AttributeError, EOFError, LookupError, RecursionError, TypeError, ValueError),
    struct.error,
)


class CredentialField(forms.JSONField):
    """What a browser says of a passkey, made by a page of ours.

    allauth takes it from any page of the domain. With `is_alone` it has to say as well
    that a finger, a face or a PIN was asked for: allauth goes by what it asked last,
    which the second step of any account sets to less.
    """

    def __init__(self, *, is_alone=False):
        super().__init__(widget=forms.HiddenInput)
        self.is_alone = is_alone

    def validate(self, value):
        super().validate(value)
        said = value["response"]
        page = CollectedClientData(websafe_decode(said["clientDataJSON"]))
        is_ours = origins.is_sites(page.origin)
        if not is_ours or (self.is_alone and not _is_verified(said)):
            raise get_adapter().validation_error("incorrect_code")


def _is_verified(said):
    return AuthenticatorData(
        websafe_decode(said["authenticatorData"])
    ).is_user_verified()


class CredentialMixin:
    """What a browser says of a passkey is what anybody can send: nothing may break."""

    def full_clean(self):
        try:
            super().full_clean()
        except NONSENSE:
            # Nor is it shown again: what could not be read, the page could not either.
            self.data = {**self.data.dict(), self.add_prefix("credential"): ""}
            error = get_adapter().validation_error("incorrect_code")
            self.add_error("credential", error)


class PasskeyAddForm(CredentialMixin, AddWebAuthnForm):
    """A passkey of ours can sign in alone, and asks for a finger, a face or a PIN."""

    credential = CredentialField()
    name = forms.CharField(required=False, max_length=80, label=_("Name"))
    passwordless = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean_passwordless(self):
        return True


class PasskeyUseForm(CredentialMixin, AuthenticateWebAuthnForm):
    credential = CredentialField()


class PasskeyAgainForm(CredentialMixin, ReauthenticateWebAuthnForm):
    credential = CredentialField()


class PasskeySignInForm(CredentialMixin, LoginWebAuthnForm):
    credential = CredentialField(is_alone=True)


class PasskeyRenameForm(EditWebAuthnForm):
    name = forms.CharField(max_length=80, label=_("Name"))
