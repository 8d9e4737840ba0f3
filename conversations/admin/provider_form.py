from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations import llm
from conversations.models import Provider

from .labels import PlainLabels


class ProviderForm(PlainLabels, forms.ModelForm):
    """A provider. Its key goes in and never comes out again."""

    api_key = forms.CharField(
        label=gettext_lazy("API key"),
        required=False,
        max_length=1000,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "class": "vTextField"}
        ),
        help_text=gettext_lazy(
            "Kept encrypted and never shown. Empty: the key stays as it is."
        ),
    )
    forget_api_key = forms.BooleanField(
        label=gettext_lazy("Forget the key"), required=False
    )

    class Meta:
        model = Provider
        fields = ["name", "base_url"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "api_key" in self.fields and self.instance.has_api_key:
            self.fields["api_key"].widget.attrs["placeholder"] = _("A key is set.")

    def clean_api_key(self):
        key = self.cleaned_data["api_key"]
        if not (key.isascii() and key.isprintable()):
            raise forms.ValidationError(_("A key has only plain letters and signs."))
        return key

    def clean_base_url(self):
        """A key goes into its own field, where it is encrypted."""
        address = self.cleaned_data["base_url"].rstrip("/")
        parts = urlsplit(address)
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise forms.ValidationError(
                _("Write only the address: no user name, key, “?” or “#” in it.")
            )
        if llm.is_forbidden(parts.hostname or ""):
            raise forms.ValidationError(
                _("No provider is at this address: a cloud keeps its secrets there.")
            )
        return address


def environment_summary(provider):
    """Return what `.env` says of its provider, as HTML; of a key only whether."""
    rows = [
        ("OPENAI_BASE_URL", settings.OPENAI_BASE_URL or _("not set")),
        ("OPENAI_API_KEY", _("set") if settings.OPENAI_API_KEY else _("not set")),
        ("OPENAI_MODEL", settings.OPENAI_MODEL),
    ]
    if provider.is_demo:
        rows.append(("", _("No key and no base URL: the demo model answers.")))
    return format_html_join(
        "", '<div class="environment-row"><code>{}</code> {}</div>', rows
    )
