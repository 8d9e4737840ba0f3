from allauth.socialaccount.forms import DisconnectForm
from allauth.socialaccount.models import SocialApp
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.actions.factors import check_other_way_in
from conversations.actions.refusals import Refusal
from conversations.models import IdentityProvider


class IdentityProviderForm(forms.ModelForm):
    """A provider one signs in with. Its secret goes in and never comes out again."""

    client_secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        required=False,
        max_length=1000,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "class": "vTextField"}
        ),
        help_text=gettext_lazy(
            "Kept encrypted and never shown. Empty: the secret stays as it is."
        ),
    )
    forget_secret = forms.BooleanField(
        label=gettext_lazy("Forget the secret"), required=False
    )

    class Meta:
        model = IdentityProvider
        fields = ["name", "url", "client_id", "scopes", "groups_claim"]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        if "client_secret" in self.fields and self.instance.encrypted_client_secret:
            placeholder = _("A secret is set.")
            self.fields["client_secret"].widget.attrs["placeholder"] = placeholder


class AccountDisconnectForm(DisconnectForm):
    """allauth asks for a password and an address; another way to sign in will do."""

    def clean(self):
        if account := self.cleaned_data.get("account"):
            try:
                check_other_way_in(user=self.request.user, without=account)
            except Refusal as refusal:
                raise forms.ValidationError(refusal.detail) from None
        return self.cleaned_data

    def save(self):
        """Also where the provider is gone: allauth would ask it for its name."""
        try:
            super().save()
        except SocialApp.DoesNotExist:
            self.cleaned_data["account"].delete()
