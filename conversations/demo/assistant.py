"""The demo model's answer to a conversation: prepared texts, chosen by keyword."""

import re

from .texts import TEXTS
from .topics import language_of, topic_of

SHOWN_IN_FULL = ("table", "code", "math", "tasks", "footnote")
MOST_QUOTED_CHARACTERS = 600
MOST_RECALLED = 5
CONTINUE = re.compile("continue|lanjutkan|继续|계속", re.IGNORECASE)
# A piece of about a token: some letters with the space before them, or one sign.
TOKEN = re.compile(r"\s*[A-Za-z]{1,6}|\s*[\u3000-\u9fff가-힣]{1,2}|\s*[^\s]|\s+")


def answer(messages: list[tuple[str, str]]) -> str:
    """Return the whole reply to (role, text) pairs, of which the last is answered.

    When it asks to continue a reply that was cut off, return the rest of that reply.
    """
    said = [text for role, text in messages if role == "user"]
    if not said:
        return TEXTS["en"]["greeting"]
    if len(said) > 1 and CONTINUE.search(said[-1]) and messages[-2][0] == "assistant":
        whole, shown = answer(messages[:-2]), messages[-2][1]
        if whole != shown and whole.startswith(shown):
            return whole[len(shown) :]
    instructions = "\n".join(text for role, text in messages if role == "system")
    texts = TEXTS[language_of([*said[::-1], instructions])]
    return _say(texts, topic_of(said[-1]), said, instructions)


def tokens_of(text: str) -> list[str]:
    """Cut `text` into pieces of about a token."""
    return TOKEN.findall(text)


def _say(texts, topic, said, instructions):
    if topic == "recall":
        return _recall(texts, said[:-1])
    if topic == "everything":
        shown = [texts["everything"], *(texts[name] for name in SHOWN_IN_FULL)]
        return "\n\n".join(shown)
    if topic == "about":
        known = ""
        if instructions:
            known = texts["instructions"].replace("{quote}", quoted(instructions))
        return texts["about"].replace("{instructions}", known)
    return texts[topic].replace("{quote}", quoted(said[-1]))


def _recall(texts, said):
    if not said:
        return texts["recall_nothing"]
    parts = [texts["recall"].replace("{quote}", quoted(said[-1]))]
    if earlier := said[:-1][-MOST_RECALLED:]:
        parts += [texts["recall_more"], *(quoted(text) for text in earlier)]
    return "\n\n".join(parts)


def quoted(text: str) -> str:
    """Return the start of `text` as a Markdown quote."""
    if len(text) > MOST_QUOTED_CHARACTERS:
        text = text[:MOST_QUOTED_CHARACTERS].rstrip() + " …"
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())
