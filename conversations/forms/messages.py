import uuid

from django import forms
from django.utils.translation import gettext_lazy as _


class MessageForm(forms.Form):
    """What a person writes without JavaScript. A starter is sent as it stands."""

    text = forms.CharField(required=False, strip=False, label=_("Message"))
    starter = forms.CharField(required=False, strip=False)
    parent = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    client_id = forms.UUIDField(required=False)
    persona = forms.SlugField(required=False)
    folder = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    temporary = forms.BooleanField(required=False)

    @property
    def words(self):
        return self.cleaned_data["starter"] or self.cleaned_data["text"]

    @property
    def sent_id(self):
        """The id of this message: the same page sent twice is the same message.

        A page may also come back from the browser's history, and be sent with other
        words: that is another message.
        """
        page_id = self.cleaned_data["client_id"] or uuid.uuid4()
        return uuid.uuid5(page_id, self.words)
