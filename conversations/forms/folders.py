from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.models import Folder, Persona


class FolderForm(forms.Form):
    """A folder's name, and the persona of new chats in it."""

    name = forms.CharField(
        label=_("Name"), max_length=Folder._meta.get_field("name").max_length
    )
    persona = forms.ModelChoiceField(
        Persona.objects.none(),
        label=_("Persona of new chats"),
        required=False,
        empty_label=_("The one I talked to last"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["persona"]
        field.queryset = Persona.objects.usable_by(user)
        field.label_from_instance = lambda persona: persona.shown_name


class PlaceForm(forms.Form):
    """Before which folder one is to stand; nothing for the end."""

    before = forms.ModelChoiceField(Folder.objects.none(), required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["before"].queryset = Folder.objects.editable_by(user)
