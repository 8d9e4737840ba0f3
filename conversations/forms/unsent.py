from django import forms


class UnsentForm(forms.Form):
    """What stands in a box: the page sends it as it is typed."""

    conversation = forms.UUIDField()
    version = forms.CharField(required=False, max_length=40)
    text = forms.CharField(required=False, strip=False)
