"""Texts that administrators write, in as many of the site's languages as they like."""

from django.conf import settings
from django.utils.translation import get_language


def other_languages():
    """Return the languages beside the one in which a text is written first."""
    return [pair for pair in settings.LANGUAGES if pair[0] != settings.LANGUAGE_CODE]


def in_language(translations, text):
    """Return the one of `translations`, {language: text}, that the reader speaks.

    Where there is none it is `text`.
    """
    return translations.get(get_language() or "") or text


def part_in_language(translations, name, otherwise):
    """The same of `{language: {name: value}}`, for a row of several texts."""
    return translations.get(get_language() or "", {}).get(name) or otherwise
