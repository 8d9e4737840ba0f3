from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conversations.actions.changes import MOST_AT_ONCE
from conversations.models import Folder


class TitleForm(forms.Form):
    """What a conversation is to be called; the action says what will not do."""

    title = forms.CharField(required=False, strip=True)


class FolderChoice(forms.ModelChoiceField):
    """One of a person's own folders; "none", or nothing, takes out of any."""

    def __init__(self, **options):
        super().__init__(Folder.objects.none(), required=False, **options)

    def clean(self, value):
        return super().clean("" if value == "none" else value)


class MoveForm(forms.Form):
    folder = FolderChoice()

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["folder"].queryset = Folder.objects.editable_by(user)


class BulkForm(MoveForm):
    """What to do with several conversations; naming a folder moves them."""

    verb = forms.ChoiceField(
        required=False,
        choices=[
            (v, v)
            for v in ("pin", "unpin", "archive", "unarchive", "remove", "restore")
        ],
    )
    conversation = forms.Field(required=False, widget=forms.MultipleHiddenInput)

    def clean_conversation(self):
        field = forms.UUIDField()
        found = self.cleaned_data["conversation"] or []
        if len(found) > MOST_AT_ONCE:
            raise ValidationError(_("That is too many at once."))
        return [field.clean(pk) for pk in found]

    def clean(self):
        if not self.cleaned_data.get("verb") and "folder" not in self.data:
            raise ValidationError(_("Choose what to do."))
        return self.cleaned_data
