from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.actions.reports import MOST_CHARACTERS
from conversations.models import Report


class ReportForm(forms.Form):
    """What is wrong with a message."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=Report.Reason,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("A note, if it helps"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
