"""What changed from one version of a persona to the next, for people to read."""

import difflib
import re
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conversations.models import PersonaVersion

from .persona_texts import told

# Words, single characters of scripts without spaces, spaces, signs.
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+|\s+|[^\w\s]")
# A change of more than this is shown as a whole: comparing takes its square in time.
MOST_TOKENS = 3000
CONTEXT_LINES = 2
TEXTS = ("instructions", "starters", "greeting", "translations")


@dataclass(frozen=True, slots=True)
class Change:
    """A field and how it changed, as safe HTML."""

    label: str
    html: str


def changes_between(old, new):
    """Return the Changes from `old` to `new`; all that is set, when `old` is None."""
    found = []
    for name in PersonaVersion.CONTENT_FIELDS:
        before, after = shown(old or PersonaVersion(), name), shown(new, name)
        if before == after:
            continue
        if old is None:
            html = escape(after)
        elif name in TEXTS:
            html = diff(before, after)
        else:
            html = mark_safe(f"{_marked('del', before)} {_marked('ins', after)}")
        found.append(Change(_label(name), html))
    return found


def shown(version, name):
    """Return the value of a field as people read it; what is unset by its meaning."""
    value = getattr(version, name)
    if name == "starters":
        return "\n".join(value)
    if name == "translations":
        return told(value)
    if name == "history_policy":
        return str(version.get_history_policy_display())
    if value is None:
        return _("the site's own") if name == "model" else _("the model's own")
    return str(value)


def diff(old, new):
    """Return `new` as safe HTML with what came in `<ins>`, what went in `<del>`.

    Lines far from any change are left out.
    """
    before, after = old.splitlines(), new.splitlines()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    parts = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            parts += _context(
                before[start:end], at_end=end == len(before), first=not parts
            )
        else:
            was, now = "\n".join(before[start:end]), "\n".join(after[new_start:new_end])
            parts.append(_words(was, now))
    return mark_safe("\n".join(parts))


def _context(lines, *, first, at_end):
    """Return the lines next to a change, escaped, and a mark for those between."""
    head = 0 if first else CONTEXT_LINES
    tail = 0 if at_end else CONTEXT_LINES
    if len(lines) <= head + tail + 1:
        return [escape(line) for line in lines]
    shown_tail = lines[len(lines) - tail :]
    return [*map(escape, lines[:head]), "⋯", *map(escape, shown_tail)]


def _words(old, new):
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(before) + len(after) > MOST_TOKENS:
        return _marked("del", old) + _marked("ins", new)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < 0.3:  # hardly a word in common: a patchwork says nothing
        return _marked("del", old) + _joint(old, new) + _marked("ins", new)
    parts = []
    for is_equal, was, now in _runs(matcher.get_opcodes(), before, after):
        if is_equal:
            parts.append(escape(was))
        else:
            parts += [_marked("del", was), _marked("ins", now)]
    return "".join(parts)


def _runs(opcodes, before, after):
    """Yield `(is_equal, was, now)`; a space between two changes belongs to them."""
    was = now = ""
    for tag, start, end, new_start, new_end in opcodes:
        old, new = "".join(before[start:end]), "".join(after[new_start:new_end])
        if tag == "equal" and not (old == " " and was + now):
            if was + now:
                yield False, was, now
            yield True, old, new
            was = now = ""
        else:
            was, now = was + old, now + new
    if was + now:
        yield False, was, now


def _joint(old, new):
    return "\n" if "\n" in old or "\n" in new else " " if old and new else ""


def _marked(tag, text):
    return f"<{tag}>{escape(text)}</{tag}>" if text else ""


def _label(name):
    return capfirst(PersonaVersion._meta.get_field(name).verbose_name)
