"""Texts that people send by accident or on purpose; none may be lost or changed."""

import sys

LIMIT = 100_000  # characters, as CHAT_MAX_MESSAGE_CHARACTERS is where nobody set it


def filled(pattern, size=LIMIT):
    """Return `pattern` again and again, `size` characters in all."""
    return (pattern * (size // len(pattern) + 1))[:size].strip()


# At the limit, made to cost a Markdown parser or a page as much as they can.
HUGE = {
    "one word": "x" * LIMIT,
    "lines": filled("a\n"),
    "blank lines": "a" + "\n" * (LIMIT - 2) + "b",
    "wide characters": "한" * LIMIT,
    "emoji": filled("👩‍👩‍👧"),
    "quotes in quotes": filled(">"),
    "lists in lists": "\n".join("  " * depth + "- a" for depth in range(300)),
    "brackets": filled("["),
    "closing brackets": filled("](", LIMIT),
    "stars": filled("*a_"),
    "backticks": filled("`a``b```"),
    "fences": filled("```\n~~~\n"),
    "tables": filled("|a|b\n|-|-\n"),
    "footnotes": filled("[^1]: a\n\n[^1] "),
    "formulas": filled("$a$ \\(b\\) $$c$$\n"),
    "tags": filled("<div><b><!--"),
    "entities": filled("&amp;&#0;&nbsp"),
    "links": filled("http://a.b/ <c@d.e> "),
    "backslashes": filled("\\"),
}
# Short ones of the kinds that lists of naughty strings gather.
NAUGHTY = {
    "nothing much": ".",
    "words of programs": "undefined null None NaN true -1/0 0x0 1e309 {} [] \\n",
    "quotes": "' \" ` ‘ ’ “ ” ''' \"\"\" `` -- ; DROP TABLE",
    "SQL": "'; DROP TABLE conversations_message; -- %s %(a)s :a ? $1",
    "templates": "{{ 7*7 }} {% load static %} ${7*7} #{7*7} <%= 7*7 %>",
    "markup": "<script>alert(1)</script> <img src=x onerror=alert(1)> </textarea>",
    "format": "%s %d %n %% {0} {} {a.__class__}",
    "paths": "../../etc/passwd C:\\CON\\aux file:///dev/null",
    "shell": "$(touch /tmp/a) `id` | cat & ; > a",
    "separators": "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei",
    "invisible": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u180eh",
    "from right to left": "שלום \u202eabc\u202c \u2066def\u2069 مرحبا",
    "stacked marks": "Z" + "\u0300\u0301\u0302\u0303" * 50,
    "other planes": "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🏳️‍🌈 👨‍👩‍👧‍👦 \U0010fffd \U000e0041",
    "composed and not": "é e\u0301 ﬁ Å Å",
    "controls": "".join(map(chr, [*range(1, 9), *range(14, 32), *range(127, 160)])),
    "the end of a frame": '"}{"type":"reply.stop","message":1}',
    "every plane": "".join(
        chr(code)
        for code in range(0x20, sys.maxunicode, 0xFFF)
        if not 0xD800 <= code < 0xE000 and code not in range(0xFDD0, 0xFDF0)
    ),
}
# What no database can store is replaced, and nothing beside it.
UNSTORABLE = {
    "NUL": ("a\0b", "a\ufffdb"),
    "half a pair": ("a\ud83db", "a\ufffdb"),
    "the other half": ("a\ude00b", "a\ufffdb"),
    "a pair in halves": ("a\ud83d\ude00b", "a😀b"),
    "line ends": ("a\r\nb\rc", "a\nb\nc"),
}
