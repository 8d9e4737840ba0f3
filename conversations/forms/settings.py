from django import forms
from django.utils.translation import gettext_lazy as _

from conversations import locales
from conversations.models import Persona, SiteSettings, User


class SettingsForm(forms.ModelForm):
    """One section of the settings. `cleaned_data` is what to save."""

    def __init__(self, *args, **kwargs):
        # Labels end without a colon, here as on every form of ours.
        super().__init__(*args, label_suffix="", **kwargs)


class ThemeForm(SettingsForm):
    class Meta:
        model = User
        fields = ["theme"]
        widgets = {"theme": forms.RadioSelect}


class AppearanceForm(SettingsForm):
    class Meta:
        model = User
        fields = ["theme", "text_size"]
        labels = {"theme": _("Theme"), "text_size": _("Text size")}
        widgets = {"theme": forms.RadioSelect, "text_size": forms.RadioSelect}


class LanguageForm(SettingsForm):
    time_zone = forms.CharField(
        required=False, max_length=64, label=_("Time zone"), strip=True
    )

    class Meta:
        model = User
        fields = ["language", "time_zone"]
        labels = {"language": _("Language")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = self.fields["language"].choices
        known = [choice for choice in chosen if choice[0]]
        self.fields["language"].choices = [("", _("As the browser says")), *known]

    def clean_time_zone(self):
        """Take “asia/ho chi minh” for Asia/Ho_Chi_Minh; the model knows the rest."""
        typed = self.cleaned_data["time_zone"]
        wanted = typed.casefold().replace(" ", "_")
        names = (name for name in locales.zone_names() if name.casefold() == wanted)
        return next(names, typed)


class WritingForm(SettingsForm):
    class Meta:
        model = User
        fields = ["send_key", "default_persona", "better_titles"]
        labels = {
            "better_titles": _("Have a model write the titles of my chats"),
            "send_key": _("Key that sends"),
            "default_persona": _("Persona of a new chat"),
        }
        widgets = {"send_key": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["default_persona"]
        field.queryset = Persona.objects.usable_by(self.instance)
        field.label_from_instance = lambda persona: persona.shown_name
        field.empty_label = _("The one I talked to last")
        if not SiteSettings.current().better_titles:
            del self.fields["better_titles"]


class AccountRemoveForm(forms.Form):
    """Who removes their account proves once more that it is theirs."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.user = user
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_password(self):
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password. Try again."))
        return password


class LanguageChoiceForm(forms.Form):
    """The language of a browser in which nobody is signed in."""

    language = forms.ChoiceField()

    def __init__(self, *args, languages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages
