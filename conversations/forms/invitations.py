from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.models import Invitation
from conversations.models.invitations import CODE_LENGTH


class CodeForm(forms.Form):
    """A join code, as somebody types it."""

    code = forms.CharField(
        label=_("Join code"),
        max_length=4 * CODE_LENGTH,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "dir": "ltr",
            }
        ),
    )

    def clean_code(self):
        """Return the invitation of that code."""
        found = Invitation.objects.usable().of_code(self.cleaned_data["code"]).first()
        if found is None:
            raise forms.ValidationError(
                _("No invitation has this code, or it is used up. Look at it again.")
            )
        return found
