from django import forms

MOST = 2**63 - 1


class AskingForm(forms.Form):
    """Whom to ask for another reply. Empty: whoever would answer anyway."""

    persona = forms.SlugField(required=False)
    model = forms.IntegerField(required=False, min_value=1, max_value=MOST)


class ComparingForm(forms.Form):
    """Whom to ask at once. No first one: the reply that is there is compared."""

    first = forms.SlugField(required=False)
    first_model = forms.IntegerField(required=False, min_value=1, max_value=MOST)
    persona = forms.SlugField(required=False)
    model = forms.IntegerField(required=False, min_value=1, max_value=MOST)

    @property
    def personas(self):
        """The slugs, two or the other one alone."""
        data = self.cleaned_data
        return [slug for slug in (data["first"], data["persona"]) if slug]

    @property
    def models(self):
        """The models of those personas, by their ids."""
        data = self.cleaned_data
        first = [data["first_model"]] if data["first"] else []
        return [*first, data["model"]]


class FeedbackForm(forms.Form):
    """What somebody thinks of a reply; no verdict takes it back."""

    verdict = forms.CharField(required=False, max_length=8)
    note = forms.CharField(required=False, strip=False)
