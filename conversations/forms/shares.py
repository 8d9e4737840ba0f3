import re

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from conversations.models.shares import offered_audiences

_BETWEEN_NAMES = re.compile(r"[\s,;，、；]+")

# Which field a refusal is about, by its code; None: the whole.
_BLAMED = {
    "not_offered": "audience",
    "unknown_reader": "readers",
    "no_reader": "readers",
    "too_many_readers": "readers",
    "too_often": "readers",
}


class ShareForm(forms.Form):
    """For whom a link is. `head` is the message down to which the branch goes."""

    audience = forms.ChoiceField(
        label=_("Who may read it"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who may read it.")},
    )
    readers = forms.CharField(
        label=_("Their user names"), required=False, max_length=10_000
    )
    shows_author = forms.BooleanField(required=False)
    head = forms.IntegerField(
        required=False,
        min_value=1,
        validators=[MaxValueValidator(2**63 - 1)],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = offered_audiences()

    @property
    def names(self):
        """The user names as they were written, by commas or spaces."""
        return [
            name for name in _BETWEEN_NAMES.split(self.cleaned_data["readers"]) if name
        ]

    def refuse(self, refusal):
        """Say why it was refused, beside the field that is to blame."""
        self.add_error(_BLAMED.get(refusal.code), refusal.detail)


class RenewForm(forms.Form):
    """A link taken anew, down to the message `head`."""

    head = ShareForm.declared_fields["head"]


class ContinueForm(forms.Form):
    """With whom a copy of what was shared goes on."""

    persona = forms.SlugField(required=False)
