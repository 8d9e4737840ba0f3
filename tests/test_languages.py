"""Every sentence is in every language, and none is said that is not marked."""

import re
from gettext import GNUTranslations

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.test import RequestFactory
from django.utils import translation

from conversations.models import User
from tests import catalogues
from tests.bare_text import in_python, in_script, in_template

ROOT = catalogues.ROOT
# What a person writes between {{ and }} without spaces is theirs to name.
PLACEHOLDERS = re.compile(
    r"%(?:\(\w+\))?[-\d.]*[sdf]|(?<!\{)\{\w+\}|\{\{ [\w.]+ \}\}|</?\w+>"
)
EVERY_LOCALE = pytest.mark.parametrize("locale", catalogues.LOCALES)


@pytest.fixture(scope="module")
def wanted():
    return catalogues.messages_of(catalogues.extract())


def catalogue(locale):
    return catalogues.messages_of(catalogues.read(locale))


# ── the catalogues ────────────────────────────────────────────────────────────────


def test_each_language_of_the_site_has_its_catalogue():
    codes = [translation.to_locale(code) for code, _ in settings.LANGUAGES]
    assert sorted(codes) == sorted(["en", *catalogues.LOCALES])


@EVERY_LOCALE
def test_no_sentence_is_missing_and_none_is_left_over(locale, wanted):
    found = catalogue(locale)
    assert sorted(map(str, wanted.keys() - found.keys())) == [], "run `make messages`"
    assert sorted(map(str, found.keys() - wanted.keys())) == [], "run `make messages`"


def test_what_is_counted_somewhere_is_counted_everywhere():
    """Else the place of the number is shown, where a language has one form."""
    files = catalogues.source_files()
    marked = {found for path in files for found in catalogues.sentences_of(path)}
    counted = {(context, sentence) for context, sentence, plural in marked if plural}
    bare = {(context, sentence) for context, sentence, plural in marked if not plural}
    assert counted & bare == set()


@EVERY_LOCALE
def test_every_sentence_is_translated_and_none_is_a_guess(locale):
    messages = catalogue(locale).values()
    empty = [m.id for m in messages if not all(catalogues.translations_of(m))]
    assert empty == []
    assert [m.id for m in messages if m.fuzzy] == []


@EVERY_LOCALE
def test_what_is_filled_in_stays(locale):
    wrong = []
    for message in catalogue(locale).values():
        # The plural says all that may be filled in.
        source = message.id if isinstance(message.id, str) else message.id[-1]
        for text in catalogues.translations_of(message):
            if sorted(PLACEHOLDERS.findall(source)) != sorted(
                PLACEHOLDERS.findall(text)
            ):
                wrong.append((source, text))
    assert wrong == []


@EVERY_LOCALE
def test_spaces_and_line_ends_around_a_sentence_stay(locale):
    wrong = []
    for message in catalogue(locale).values():
        source = catalogues.key_text(message)
        for text in catalogues.translations_of(message):
            if _around(source) != _around(text):
                wrong.append((source, text))
    assert wrong == []


def _around(text):
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


@EVERY_LOCALE
def test_the_compiled_catalogue_is_that_of_the_words(locale):
    with catalogues.path_of(locale, "mo").open("rb") as file:
        compiled = GNUTranslations(file)
    stale = []
    for message in catalogue(locale).values():
        source, said = catalogues.key_text(message), catalogues.translations_of(message)
        if isinstance(message.id, tuple):
            found = compiled.ngettext(*message.id, 1)
        elif message.context:
            found = compiled.pgettext(message.context, source)
        else:
            found = compiled.gettext(source)
        stale += [source] if found != said[0] else []
    assert stale == [], "run `make messages`"


# What a native writer would not leave in a sentence of theirs.
ODD = {
    "zh_Hans": re.compile(r"[一-鿿][,;!?](?!\w)|您|[一-鿿][A-Za-z]|[A-Za-z][一-鿿]"),
    "zh_Hant": re.compile(
        r"[一-鿿][,;!?](?!\w)|您|[一-鿿][A-Za-z]|[A-Za-z][一-鿿]|[“”]"
        r"|[这个们说时间为发对后没过还请话]{2}|信息|默认|軟件"
    ),
    "ko": re.compile(r"(?:해요|어요|아요|세요요)[.?]|[가-힣] [,.]"),
    "id": re.compile(r"\b(?:kamu|kau|lu|gak|nggak|download|upload|email)\b", re.I),
}


@EVERY_LOCALE
def test_a_language_is_written_one_way(locale):
    odd = []
    for message in catalogue(locale).values():
        for text in catalogues.translations_of(message):
            if ODD[locale].search(PLACEHOLDERS.sub("1", text)):
                odd.append(text)
    assert odd == []


def test_the_glossary_holds_in_every_language():
    """A term that stands alone is translated as GLOSSARY.md has it."""
    rows = _glossary()
    wrong = []
    for locale in catalogues.LOCALES:
        column = locale.replace("_", "-")
        found = {
            catalogues.key_text(message).casefold(): message
            for message in catalogue(locale).values()
            if not message.context
        }
        for row in rows:
            message = found.get(row["en"].casefold())
            if message is None:
                continue
            said = catalogues.translations_of(message)[0].casefold()
            if said != row[column].casefold():
                wrong.append((locale, row["en"], row[column], said))
    assert wrong == []


def _glossary():
    lines = (catalogues.FOLDER / "GLOSSARY.md").read_text().splitlines()
    table = [line.strip("| ").split("|") for line in lines if line.startswith("|")]
    heads, _, *rows = [[cell.strip() for cell in row] for row in table]
    return [dict(zip(heads, row, strict=True)) for row in rows]


# ── nothing is said but what is marked ────────────────────────────────────────────


def test_templates_say_nothing_that_is_not_marked():
    found = [f"{p}: {text}" for p in _files("html") for text in in_template(p)]
    assert found == []


def test_code_says_nothing_that_is_not_marked():
    found = [f"{p}: {text}" for p in _files("py") for text in in_python(p)]
    assert found == []


def test_scripts_say_nothing_at_all():
    found = [f"{p}: {text}" for p in _files("js") for text in in_script(p)]
    assert found == []


def _files(suffix):
    tops = {"html": ["templates"], "py": ["conversations"], "js": ["static"]}[suffix]
    return sorted(p for top in tops for p in (ROOT / top).rglob(f"*.{suffix}"))


BARE = {
    "a.html": "<p>Hello there</p>",
    "attribute.html": '<button aria-label="Close">{% icon "x" %}</button>',
    "notice.py": 'messages.success(request, "That is done.")',
    "label.py": 'name = forms.CharField(label="Name")',
    "sentence.py": 'raise Refusal("code", "That cannot be done.")',
    "a.js": 'this.notice.show("The connection is gone.");',
}
MARKED = {
    "a.html": '<p title="{{ x }}">{% translate "Hello there" %} · {{ name }}</p>',
    "notice.py": 'messages.success(request, _("That is done."))',
    "log.py": 'logger.warning("That went wrong.")',
    "docstring.py": 'def f():\n    """It does what it says."""',
    "a.js": 'import { a } from "./b.js"; // The connection is gone.',
}
SCANNERS = {".html": in_template, ".py": in_python, ".js": in_script}


@pytest.mark.parametrize(("name", "text"), BARE.items(), ids=BARE)
def test_what_is_not_marked_is_found(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    assert len(list(SCANNERS[path.suffix](path))) == 1


@pytest.mark.parametrize(("name", "text"), MARKED.items(), ids=MARKED)
def test_what_is_marked_is_let_through(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    assert list(SCANNERS[path.suffix](path)) == []


# ── the administration ────────────────────────────────────────────────────────────
# A name of none, and those that a form has other words for.
SAME = {"ID", "id", "Api key", "Client secret", "Greeting", "Persona", "Starters"}


def test_every_column_and_field_of_the_administration_has_a_name():
    """Django makes English of a field's name where nobody gave it one."""
    request = RequestFactory().get("/")
    request.user = User(is_staff=True, is_superuser=True)
    nameless = []
    for model, of_model in admin.site._registry.items():
        fields = flatten_fieldsets(of_model.get_fieldsets(request))
        for name in {*of_model.list_display, *of_model.readonly_fields, *fields}:
            labels = {_label(name, model, of_model, code) for code in ("en", "ko")}
            if len(labels) == 1 and not labels & SAME and labels != {None}:
                nameless.append(f"{model.__name__}.{name}")
    assert nameless == []


def _label(name, model, of_model, code):
    with translation.override(code):
        try:
            return str(label_for_field(name, model, of_model))
        except AttributeError:  # of the form alone
            return None
