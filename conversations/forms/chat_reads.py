from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.actions.chat_reads import MOST_CHARACTERS


class ChatReadForm(forms.Form):
    """Why somebody wants to read what others wrote."""

    reason = forms.CharField(
        label=_("Why do you have to read it?"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Whose conversation it is will see your name and these words."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
