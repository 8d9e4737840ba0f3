"""Finds words that people would read and that no translator ever saw."""

import ast
import re

from tests.catalogues import FUNCTIONS

# ── templates ─────────────────────────────────────────────────────────────────────
_SKIPPED = re.compile(
    r"\{#.*?#\}|\{% comment .*?endcomment %\}|<!--.*?-->|<!DOCTYPE[^>]*>"
    r"|\{% blocktranslate.*?endblocktranslate %\}"
    r"|\{% block (bodyclass|card_kind) %\}.*?endblock \1 %\}"
    r"|<(script|style|svg|code|kbd)\b.*?</\2>",
    re.S,
)
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
_VISIBLE = re.compile(r'\s(?:title|aria-label|placeholder|alt)="([^"]*)"')
_WORD = re.compile(r"[^\W\d_]{2,}")


def in_template(path):
    """Yield the words of a template that are not marked."""
    text = _TAG.sub(" ", _SKIPPED.sub(" ", path.read_text()))
    shown = [*_VISIBLE.findall(text), *re.split(r"<[^>]*>", text)]
    for words in shown:
        if _WORD.search(words):
            yield " ".join(words.split())


# ── Python ────────────────────────────────────────────────────────────────────────
# A sentence, as people are told one.
_SENTENCE = re.compile(r"[A-Z][^\n]* [^\n]*[.?]", re.S)
# What is read by whoever runs or writes the site, in English.
_FOR_OPERATORS = (
    "conversations/backup/",
    "conversations/demo/",
    "conversations/management/",
    "conversations/migrations/",
    "conversations/server/",
    "conversations/staticfiles.py",
    "conversations/logs.py",
    "conversations/metrics/",
    "conversations/models/prepared.py",
)
# What models are told, in the language they know best.
_FOR_MODELS = (
    "Say hello.",
    "Several people write in this conversation.",
    "Write a title of at most six words",
    "Your last message was cut off.",
)
_LOGGING = {"debug", "info", "warning", "error", "exception", "critical"}
_KEYWORDS = {"label", "help_text", "verbose_name", "description", "empty_label"}
_ARGUMENTS = {"Refusal": 1, "FrameError": 1, "add_error": 1, "success": 1}
_PROGRAMMERS = {
    "AssertionError",
    "ImproperlyConfigured",
    "KeyError",
    "LookupError",
    "RuntimeError",
    "TypeError",
    "ValueError",
}


def in_python(path):
    """Yield the strings of a module that people would read and that are not marked."""
    if any(place in path.as_posix() for place in _FOR_OPERATORS):
        return
    tree = ast.parse(path.read_text())
    known = {id(node) for node in _accounted_for(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in known and _is_sentence(node.value):
                yield node.value
        elif isinstance(node, ast.Call):
            yield from (t for t in _told(node) if not _SENTENCE.fullmatch(t.strip()))


def _is_sentence(text):
    found = _SENTENCE.fullmatch(text.strip())
    return bool(found) and not text.startswith(_FOR_MODELS)


def _accounted_for(tree):
    """Yield the strings that are marked, or that nobody is told."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):  # a docstring
            yield node.value
        if isinstance(node, ast.Call):
            name = _name(node.func)
            if name in FUNCTIONS or name in _LOGGING or name in _PROGRAMMERS:
                yield from ast.walk(node)


def _told(call):
    """Yield the plain strings in places where words for people stand."""
    place = _ARGUMENTS.get(_name(call.func))
    values = [k.value for k in call.keywords if k.arg in _KEYWORDS]
    values += call.args[place : place + 1] if place is not None else []
    for value in values:
        is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
        if is_text and _WORD.search(value.value):
            yield value.value


def _name(function):
    return getattr(function, "attr", getattr(function, "id", ""))


# ── JavaScript ────────────────────────────────────────────────────────────────────
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.S)
_STRING = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`")
_SAID = re.compile(r"^[A-Z][a-z]+(?: [a-z]+)+|[a-z]{2,} [a-z]{2,} [a-z]{2,}[.?…]")


def in_script(path):
    """Yield what a script says by itself, and should have from the page."""
    text = _COMMENT.sub("", path.read_text())
    for found in _STRING.findall(text):
        words = next(filter(None, found), "")
        if _SAID.search(words):
            yield words
