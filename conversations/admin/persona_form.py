from itertools import count

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.actions.avatars import REMOVE, make_avatar
from conversations.actions.refusals import Refusal
from conversations.generation.prompt import VARIABLES, unknown_variables
from conversations.models import LanguageModel, Persona, PersonaVersion

from . import persona_texts
from .labels import PlainLabels

MOST_STARTERS = 12
MOST_STARTER_CHARACTERS = 300


def _version_field(name, **options):
    """Return the form field of a PersonaVersion's field, with its limits."""
    field = PersonaVersion._meta.get_field(name)
    return field.formfield(validators=field.validators, **options)


def _number(**attributes):
    return forms.NumberInput(attrs=attributes)


def _area(rows):
    return forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField"})


class LinesField(forms.CharField):
    """A list of strings, written one a line; empty lines count for nothing."""

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value):
        return _lines(super().clean(value))

    def has_changed(self, initial, data):
        return _lines(data or "") != (initial or [])


def _lines(text):
    return [line for raw in text.splitlines() if (line := raw.strip())]


class ContentForm(persona_texts.TranslatedContent, forms.Form):
    """What a version of a persona holds; good by itself, so that it can be tried."""

    instructions = _version_field(
        "instructions", widget=_area(14), max_length=100_000, strip=False
    )
    model = _version_field(
        "model",
        queryset=LanguageModel.objects.select_related("provider"),
        empty_label=gettext_lazy("The site's own"),
        help_text="",
    )
    temperature = _version_field("temperature", widget=_number(min=0, max=2, step=0.1))
    top_p = _version_field("top_p", widget=_number(min=0, max=1, step=0.05))
    max_output_tokens = _version_field("max_output_tokens", widget=_number(min=1))
    history_policy = _version_field("history_policy")
    history_turns = _version_field("history_turns", widget=_number(min=1))
    greeting = _version_field("greeting", widget=_area(3), max_length=4000)
    starters = LinesField(
        label=gettext_lazy("Starters"),
        required=False,
        widget=_area(5),
        help_text=gettext_lazy("One a line. A click on one sends it."),
    )

    def clean_instructions(self):
        instructions = self.cleaned_data["instructions"].replace("\r\n", "\n")
        unknown = unknown_variables(instructions)
        if unknown:
            raise forms.ValidationError(
                _("There is no variable %(unknown)s. There are %(known)s.")
                % {"unknown": _braced(unknown), "known": _braced(VARIABLES)}
            )
        return instructions.strip()

    def clean_greeting(self):
        return self.cleaned_data["greeting"].replace("\r\n", "\n")

    def clean_starters(self):
        return self.check_starters(self.cleaned_data["starters"])

    def check_starters(self, starters):
        if len(starters) > MOST_STARTERS:
            raise forms.ValidationError(
                _("At most %(most)d starters fit.") % {"most": MOST_STARTERS}
            )
        if any(len(starter) > MOST_STARTER_CHARACTERS for starter in starters):
            raise forms.ValidationError(
                _("A starter has at most %(most)d characters.")
                % {"most": MOST_STARTER_CHARACTERS}
            )
        return starters

    @property
    def content(self):
        """The values of PersonaVersion.CONTENT_FIELDS, once the form is valid."""
        return {n: self.cleaned_data[n] for n in PersonaVersion.CONTENT_FIELDS}


def _braced(names):
    return ", ".join(f"{{{{ {name} }}}}" for name in dict.fromkeys(names))


class PersonaForm(PlainLabels, ContentForm, forms.ModelForm):
    """A persona and what it is told now, as one form."""

    avatar = forms.FileField(
        label=gettext_lazy("Image"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=gettext_lazy(
            "PNG, JPEG or WebP, at most 5 MB. Its middle stands in for the emoji."
        ),
    )
    remove_avatar = forms.BooleanField(
        label=gettext_lazy("Remove the image"), required=False
    )
    note = _version_field("note")

    class Meta:
        model = Persona
        fields = [
            "name",
            "slug",
            "description",
            "avatar_emoji",
            "state",
            "position",
            "groups",
        ]
        widgets = {"groups": forms.CheckboxSelectMultiple}
        help_texts = {
            "slug": gettext_lazy(
                "Stands in addresses and commands. Empty: the site finds one."
            )
        }

    def __init__(self, *args, instance=None, initial=None, **kwargs):
        version = instance and instance.version
        initial = (version.content if version else {}) | (initial or {})
        super().__init__(*args, instance=instance, initial=initial, **kwargs)
        known = instance.translations if instance else {}
        persona_texts.add_fields(self, ("name", "description"), known)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self):
        cleaned = super().clean()
        if "name" in self.fields:
            found = persona_texts.taken(self, ("name", "description"))
            self.instance.translations = found
        return cleaned

    def clean_slug(self):
        """A name in Chinese or Korean leaves no short one: there is one by number."""
        return self.cleaned_data["slug"] or self.instance.slug or _free_slug()

    def clean_avatar_emoji(self):
        emoji = self.cleaned_data["avatar_emoji"]
        if sum(character.isalnum() for character in emoji) > 1:
            raise forms.ValidationError(_("Write a single emoji or letter."))
        return emoji

    def clean_avatar(self):
        """Return the bytes of the new image; None leaves the one there is."""
        file = self.cleaned_data["avatar"]
        if not file:
            return None
        try:
            return make_avatar(file)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.detail) from refusal

    @property
    def changes_persona(self):
        """Whether it changes what belongs to the persona, not to a version of it."""
        of_versions = {*PersonaVersion.CONTENT_FIELDS, "note"}
        return any(
            name not in of_versions and not persona_texts.is_text_of_version(name)
            for name in self.changed_data
        )

    @property
    def new_avatar(self):
        """What to do with the image, as `save_persona` takes it."""
        image = self.cleaned_data.get("avatar")
        if image is None and self.cleaned_data.get("remove_avatar"):
            return REMOVE
        return image


def _free_slug():
    found = Persona.objects.filter(slug__startswith="persona-")
    taken = set(found.values_list("slug", flat=True))
    return next(
        slug for number in count(1) if (slug := f"persona-{number}") not in taken
    )
