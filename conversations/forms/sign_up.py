from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm
from allauth.core import context
from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.actions.refusals import Refusal
from conversations.actions.sign_up import (
    asks_address,
    find_invitation,
    is_welcome,
    people_with,
    welcome,
)
from conversations.models import User


class SignUpForm(SignupForm):
    """A name and a password, and an address where one is asked for.

    `invitation` is the token of the invitation they came by, if they did.
    """

    invitation = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        given = self.data if self.is_bound else context.request.GET
        token = given.get("invitation", "")
        self.fields["invitation"].initial = token
        self.found = find_invitation(token)
        if not asks_address(self.found):
            del self.fields["email"]

    def clean_email(self):
        if not is_welcome(self.cleaned_data["email"]):
            raise forms.ValidationError(
                _("This site takes addresses of certain domains only, not this one.")
            )
        return super().clean_email()

    def validate_unique_email(self, value):
        """allauth takes an address for taken that somebody else merely added."""
        self.account_already_exists = people_with(value).exists()
        return get_adapter().validate_unique_email(value)

    def clean(self):
        cleaned = super().clean()
        if self.data.get("invitation") and self.found is None:
            self.add_error(None, _("This invitation is used up or was taken back."))
        return cleaned

    def try_save(self, request):
        """Make the account; return it, or None and what to answer.

        For a taken address both the answer and the work are as for a free one.
        """
        if self.account_already_exists:
            User().set_password(self.cleaned_data["password1"])
            return super().try_save(request)
        token = self.cleaned_data["invitation"]
        try:
            with transaction.atomic():
                return super().try_save(request)
        except Refusal:
            return None, redirect("conversations:invitation_detail", token)
        except IntegrityError:  # in this very moment, somebody else took one of them
            if not self._is_name_taken:
                if address := self.cleaned_data.get("email"):
                    self.validate_unique_email(address)  # notes what is there by now
                if not self.account_already_exists:
                    raise
                return super().try_save(request)
            messages.error(request, get_adapter().error_messages["username_taken"])
            query = urlencode({"invitation": token} if token else {})
            return None, redirect(f"{reverse('account_signup')}?{query}")

    @property
    def _is_name_taken(self):
        return User.objects.filter(username=self.cleaned_data["username"]).exists()

    def custom_signup(self, request, user):
        has_address = bool(self.cleaned_data.get("email"))
        welcome(user, invitation=self.found, has_address=has_address)
        super().custom_signup(request, user)
