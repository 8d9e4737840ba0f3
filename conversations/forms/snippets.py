from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.models import Snippet


class SnippetForm(forms.ModelForm):
    """A prompt: what it is called by, and the text it stands for."""

    class Meta:
        model = Snippet
        fields = ["name", "text"]
        widgets = {
            "name": forms.TextInput(attrs={"dir": "auto", "autofocus": True}),
            "text": forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        }
        help_texts = {
            "name": _("Type / and this name in the message box."),
            "text": _(
                "Write {{topic}} where something is to be filled in. "
                "You may have several such blanks."
            ),
        }

    def clean_name(self):
        """Without the / it is called by, and with single spaces."""
        name = " ".join(self.cleaned_data["name"].lstrip("/ ").split())
        if not name:
            raise forms.ValidationError(_("Give it a name."), code="required")
        owned = Snippet.objects.filter(owner=self.instance.owner_id)
        if owned.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(
                _("There is a prompt of that name."), code="unique"
            )
        return name
