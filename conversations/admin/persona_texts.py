"""What people see of a persona, once more for each language of the site."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

FIELDS = ("name", "description", "greeting", "starters")


def add_fields(form, names, translations):
    """Give `form` each of its fields `names` for each language, empty or as it is."""
    for language, _name in settings.LANGUAGES:
        for name in names:
            if name in form.fields:
                known = translations.get(language, {}).get(name)
                form.fields[field_name(name, language)] = _again(
                    form.fields[name], language, known
                )


def _again(field, language, initial):
    """Return the same field for a text in `language`, which may be left out."""
    attrs = field.widget.attrs | {"lang": language, "dir": "auto"}
    attrs.pop("required", None)
    return type(field)(
        label=field.label,
        required=False,
        max_length=field.max_length,
        initial=initial,
        widget=type(field.widget)(attrs=attrs),
    )


def taken(form, names):
    """Return `{language: {name: text}}` of what was written into those fields."""
    found = {}
    for language, _name in settings.LANGUAGES:
        written = {
            name: text
            for name in names
            if (text := form.cleaned_data.get(field_name(name, language)))
        }
        if written:
            found[language] = written
    return found


def fieldsets():
    """Return a group of fields for each language, folded."""
    return [
        (
            label,
            {
                "classes": ["collapse"],
                "description": _("What is empty is shown as it stands above."),
                "fields": [field_name(name, language) for name in FIELDS],
            },
        )
        for language, label in settings.LANGUAGES
    ]


def told(translations):
    """Return them as lines to read, the language before each."""
    lines = []
    for language, texts in sorted(translations.items()):
        for value in texts.values():
            values = value if isinstance(value, list) else value.splitlines()
            lines += [f"{language}: {line}" for line in values]
    return "\n".join(lines)


def field_name(name, language):
    return f"{name}_{language}".replace("-", "_")


def is_text_of_version(field):
    """Whether a form's field is a text that belongs to the version."""
    return field.startswith(("greeting_", "starters_"))


class TranslatedContent(forms.Form):
    """Mixed into the form of a version: `translations` are content like the rest."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = (self.initial or {}).get("translations") or {}
        add_fields(self, ("greeting", "starters"), known)

    def clean(self):
        cleaned = super().clean()
        for language, _name in settings.LANGUAGES:
            self._check_starters(field_name("starters", language))
        self.cleaned_data["translations"] = taken(self, ("greeting", "starters"))
        return cleaned

    def _check_starters(self, name):
        try:
            self.check_starters(self.cleaned_data.get(name) or [])
        except forms.ValidationError as error:
            self.add_error(name, error)
