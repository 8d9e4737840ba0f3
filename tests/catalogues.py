"""The sentences of the product, and their catalogues in `conversations/locale/`.

`python -m tests.catalogues` brings every catalogue up to date with the source, says how
much is left to translate, and compiles what the site reads. It needs only Babel.
"""

import ast
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.plurals import PLURALS
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "conversations" / "locale"
LOCALES = ("id", "ko", "zh_Hans", "zh_Hant")
# None of them has a plural form; of one Babel says otherwise.
PLURALS["id"] = (1, "0")

# Which arguments of each function are a context, a sentence and its plural.
_SINGLE, _PLURAL = (None, 0, None), (None, 0, 1)
_IN_CONTEXT, _PLURAL_IN_CONTEXT = (0, 1, None), (0, 1, 2)
FUNCTIONS = {
    "_": _SINGLE,
    "gettext": _SINGLE,
    "gettext_lazy": _SINGLE,
    "gettext_noop": _SINGLE,
    "ngettext": _PLURAL,
    "ngettext_lazy": _PLURAL,
    "pgettext": _IN_CONTEXT,
    "pgettext_lazy": _IN_CONTEXT,
    "npgettext": _PLURAL_IN_CONTEXT,
    "npgettext_lazy": _PLURAL_IN_CONTEXT,
}
_CALL = re.compile(rf"\b(?:{'|'.join(FUNCTIONS)})\(")
# When a catalogue was made changes nothing in it.
_UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
_HEADER = """\
# The sentences of PROJECT in one language. The terms are in GLOSSARY.md.
# `make messages` brings in what is new in the source."""


def source_files():
    """Return the paths of all that may hold a sentence, in order."""
    code = [p for top in ("chatsite", "conversations") for p in (ROOT / top).rglob("*")]
    pages = [*(ROOT / "templates").rglob("*"), *code]
    found = [p for p in code if p.suffix == ".py" and "migrations" not in p.parts]
    found += [p for p in pages if p.suffix in (".html", ".txt")]
    return sorted(set(found))


def extract():
    """Return a Babel Catalog of every marked sentence of the source."""
    catalog = Catalog(project="chatsite", fuzzy=False)
    for path in source_files():
        where = (str(path.relative_to(ROOT)), 1)
        for context, sentence, plural in sentences_of(path):
            if not sentence:  # a variable
                continue
            identity = (sentence, plural) if plural else sentence
            catalog.add(identity, context=context, locations=[where])
    return catalog


def sentences_of(path):
    """Yield `(context, sentence, plural)` of each marked sentence in a file."""
    text = path.read_text()
    if path.suffix == ".py":
        calls = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Call)]
    else:
        calls = _calls_in(templatize(text, origin=str(path)))
    for call in calls:
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name in FUNCTIONS and call.args:
            yield tuple(_argument(call, n, path) for n in FUNCTIONS[name])


def _calls_in(templatized):
    """Yield the calls in what Django makes of a template: Python between Xs."""
    for match in _CALL.finditer(templatized):
        end = match.end()
        while (end := templatized.find(")", end) + 1) > 0:
            try:
                yield ast.parse(templatized[match.start() : end], mode="eval").body
            except SyntaxError:
                continue
            break


def _argument(call, number, path):
    if number is None:
        return None
    try:
        return ast.literal_eval(call.args[number])
    except ValueError:
        if isinstance(call.args[number], ast.Name | ast.Attribute):
            return ""  # a variable: what it holds is marked where it is written
        raise ValueError(
            f"{path}:{call.lineno}: only plain strings are found"
        ) from None


def path_of(locale, suffix="po"):
    return FOLDER / locale / "LC_MESSAGES" / f"django.{suffix}"


def read(locale):
    """Return the catalogue of `locale` as it is in the tree."""
    path = path_of(locale)
    if not path.exists():
        return Catalog(locale=locale, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def compile_catalogue(locale):
    """Write the form in which the site reads a catalogue."""
    with path_of(locale, "mo").open("wb") as file:
        write_mo(file, read(locale))


def messages_of(catalog):
    """Return the messages of a Catalog without its header, in a dict by key."""
    return {(m.id, m.context): m for m in catalog if m.id}


def key_text(message):
    """Return the sentence of a message in the singular."""
    return message.id[0] if isinstance(message.id, tuple) else message.id


def translations_of(message):
    """Return what a message became, each of its forms."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return [form or "" for form in forms]


def bring_up_to_date(locale, template):
    """Give the catalogue of `locale` the sentences of `template`, and compile it.

    What is used no more goes; nothing is guessed. Returns the messages without words.
    """
    old = messages_of(read(locale))
    new = Catalog(
        locale=locale,
        project="chatsite",
        version="1",
        msgid_bugs_address="CONTRIBUTING.md",
        fuzzy=False,
        header_comment=_HEADER,
        creation_date=_UNDATED,
        revision_date=_UNDATED,
        last_translator="chatsite",
        language_team=locale,
    )
    for key, message in messages_of(template).items():
        string = old[key].string if key in old else None
        places = sorted(set(message.locations))
        new.add(message.id, string, places, context=message.context)
    path_of(locale).parent.mkdir(parents=True, exist_ok=True)
    with path_of(locale).open("wb") as file:
        write_po(file, new, width=88, include_lineno=False, sort_by_file=True)
    compile_catalogue(locale)
    return [m for m in messages_of(new).values() if not all(translations_of(m))]


def main():
    template = extract()
    for locale in LOCALES:
        left = bring_up_to_date(locale, template)
        sys.stdout.write(f"{locale}: {len(left)} of {len(template)} to translate\n")


if __name__ == "__main__":
    main()
