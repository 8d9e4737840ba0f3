"""What a format says beside words, said in words: code, files, pictures, thoughts."""

import re

from django.utils.translation import gettext as _

from .values import line, string, text

_FENCE = re.compile(r"^\s*(`{3,})", re.MULTILINE)
_LANGUAGE = re.compile(r"[A-Za-z][\w+#.-]{0,30}", re.ASCII)
_THINK, _THINK_END = "<think>", "</think>"


def joined(parts):
    """Return the parts that are not empty as one text, each a paragraph of its own."""
    return "\n\n".join(part for part in parts if part)


def code_block(code, language=""):
    """Return `code` as a fenced block; "" when there is none."""
    code = string(code).strip("\n")
    if not code.strip():
        return ""
    longest = max((len(fence) for fence in _FENCE.findall(code)), default=2)
    fence = "`" * (longest + 1)
    named = string(language) if _LANGUAGE.fullmatch(string(language)) else ""
    return f"{fence}{named}\n{code}\n{fence}"


def file_note(file_name):
    """Say that a file belonged here."""
    if named := line(file_name, 120):
        return _("[File “%(name)s”: not imported]") % {"name": named}
    return _("[File: not imported]")


def file_text(file_name, content):
    """Return the text of a file that belonged here, under its name."""
    block = code_block(content)
    named = line(file_name, 120) or _("File")
    return joined([f"**{named.replace('*', '')}**", block]) if block else ""


def picture_note(description=""):
    """Say that a picture belonged here."""
    if described := line(description, 300):
        return _("[Image: %(description)s]") % {"description": described}
    return _("[Image: not imported]")


def sound_note():
    return _("[Recording: not imported]")


def without_thoughts(words):
    """Return `(words, thoughts)` of a reply that begins with its <think> block."""
    words = text(words)
    if not words.startswith(_THINK):
        return words, ""
    thoughts, end, rest = words[len(_THINK) :].partition(_THINK_END)
    if not end:
        return words, ""
    return rest.strip(), thoughts.strip()
