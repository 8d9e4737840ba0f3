from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation


class InviteForm(forms.Form):
    """Who is to take part."""

    name = forms.CharField(
        label=_("User name"),
        max_length=150,
        error_messages={"required": _("Write a user name.")},
    )

    def refuse(self, refusal):
        self.add_error("name", refusal.detail)


class RepliesForm(forms.Form):
    """When the persona replies."""

    when = forms.ChoiceField(
        choices=Conversation.Replies.choices, widget=forms.RadioSelect
    )
