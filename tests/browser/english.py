"""What of our English a page in another language still says."""

import re
from functools import cache
from pathlib import Path

import allauth
import django
from babel.messages.pofile import read_po

from tests import catalogues

# The words of a page as they are read, seen or not: its text, the names of its
# controls, and the sentences that scripts will say.
READ = """() => {
  const words = new Set();
  const add = (text) => {
    const said = text?.trim().replace(/\\s+/g, " ");
    if (said) words.add(said);
  };
  const roots = [document, ...[...document.querySelectorAll("template")]
    .map((template) => template.content)];
  for (const root of roots) {
    for (const element of root.querySelectorAll("*")) {
      if (["SCRIPT", "STYLE", "OPTION"].includes(element.tagName)) continue;
      for (const { name, value } of element.attributes) {
        const isSaid = ["title", "aria-label", "placeholder", "alt"].includes(name);
        const isSentence = /[ .]/.test(value) || /^[A-Z]/.test(value);
        if (isSaid || (name.startsWith("data-") && isSentence)) add(value);
      }
      for (const node of element.childNodes) {
        if (node.nodeType === Node.TEXT_NODE) add(node.data);
      }
      if (element.textContent.length < 600) add(element.textContent);
    }
  }
  return [...words];
}"""
_PLACEHOLDER = re.compile(r"%%|%(?:\(\w+\))?[-\d.]*[sdf]|\{\w+\}")
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def english_on(page, locale, *, besides=()):
    """Return the sentences of ours on `page` that `locale` has in words of its own.

    `besides` are codes, which are the same in every language.
    """
    plain, patterns = _sentences(locale)
    said = [words for words in page.evaluate(READ) if words not in besides]
    found = [words for words in said if words in plain]
    return found + [w for w in said if any(p.fullmatch(w) for p in patterns)]


@cache
def _sentences(locale):
    plain, patterns = set(), []
    for source in _sources(locale):
        text = " ".join(re.sub(r"<[^>]*>", "", source).split())
        literal = _PLACEHOLDER.sub("", text)
        if not _LETTERS.search(literal):
            continue
        if literal == text:
            plain.add(text)
        elif len(literal) > 5:
            parts = map(re.escape, _PLACEHOLDER.split(text))
            patterns.append(re.compile(".{1,200}".join(parts)))
    return frozenset(plain), tuple(patterns)


def _sources(locale):
    """Yield what is said in English: of ours, and of Django and allauth."""
    messages = catalogues.messages_of(catalogues.read(locale)).values()
    ours = {_one(m): catalogues.translations_of(m)[0] for m in messages}
    # Where we say the same word as the others, it is ours that counts.
    yield from (source for source, said in ours.items() if source != said)
    for path in _others():
        with path.open("rb") as file:
            theirs = catalogues.messages_of(read_po(file)).values()
        # A word alone may be a name, or the same in both languages.
        yield from (_one(m) for m in theirs if " " in _one(m) and _one(m) not in ours)


def _one(message):
    return catalogues.key_text(message)


def _others():
    django_root = Path(django.__file__).parent
    for part in ("conf", "contrib/auth", "contrib/admin"):
        yield django_root / part / "locale/en/LC_MESSAGES/django.po"
    yield Path(allauth.__file__).parent / "locale/ko/LC_MESSAGES/django.po"
