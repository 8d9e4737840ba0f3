from django import forms


class PlainLabels:
    """Mixed into a form of the admin: no colon after a label, in any language."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class PlainForm(PlainLabels, forms.ModelForm):
    """What the admin makes a form of where none is written."""
