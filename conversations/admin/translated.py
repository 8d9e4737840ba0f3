from django import forms

from conversations.models.translations import other_languages

from .labels import PlainLabels


class TranslatedFields(PlainLabels):
    """Mixed into a ModelForm: a field of the row, once more for each other language.

    They are kept in its `translations`. `translated` names the field.
    """

    translated = "text"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Who may only look has no form to fill in.
        languages = other_languages() if self.translated in self.fields else []
        for language, name in languages:
            self.fields[translated_name(language)] = self._field(language, name)

    def _field(self, language, name):
        first = self.fields[self.translated]
        return forms.CharField(
            label=name,
            required=False,
            max_length=first.max_length,
            initial=self.instance.translations.get(language, ""),
            widget=forms.Textarea(
                attrs=first.widget.attrs | {"lang": language, "dir": "auto"}
            ),
        )

    def clean(self):
        cleaned = super().clean()
        self.instance.translations = {
            language: text
            for language, _ in other_languages()
            if (text := self.cleaned_data.get(translated_name(language)))
        }
        return cleaned


def translated_name(language):
    return f"text_{language}".replace("-", "_")


def translated_names():
    return [translated_name(language) for language, _ in other_languages()]
