r"""Text as the index holds it: small letters, one width, no accents, pairs of signs.

Scripts that put no spaces between words become overlapping pairs, so that two
characters are found anywhere: 天气很 is `天 天气 气很 很`. The classes below are
written so that Python and PostgreSQL read them alike; postgres.py does the same in
SQL. Whoever changes what they make of a text adds a migration that makes the index
anew: see index.rebuild.
"""

import re
import unicodedata

LONGEST = 200_000  # characters of one text that are indexed
# Thai, Lao, Burmese, Khmer, Chinese, Japanese and Korean.
RUN = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u2e80-\u2fdf\u3005\u3007\u3041-\u30fa"
    r"\u30fc-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    r"\U00020000-\U0003ffff"
)
# What stands between words.
SEPARATOR = (
    r"\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u055a-\u055f"
    r"\u0589\u05be\u05c0\u05c3\u05f3\u05f4\u060c\u061b-\u061f\u066a-\u066d\u06d4\u0964"
    r"\u0965\u1361-\u1368\u17d4-\u17da\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff"
    r"\u2e00-\u2e7f\u3000-\u3004\u3006\u3008-\u3020\u3030\u303d\u30fb\ufe10-\ufe6f"
    r"\uff00-\uff0f\uff1a-\uff20\ufff0-\uffff\U0001f000-\U0001faff"
)
# What is written over, under or inside a letter, and what cannot be seen at all.
MARK = (
    r"\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    r"\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u200b-\u200f\u2060\ufe00-\ufe0f"
    r"\ufeff"
)
# Letters whose stroke or shape Unicode does not take apart.
PLAIN = {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "ς": "σ"}
DOUBLE = {"ß": "ss", "æ": "ae", "œ": "oe"}

_LETTERS = {**PLAIN, **DOUBLE}
_RUN = re.compile(f"[{RUN}]+")
_SEPARATOR = re.compile(f"[\0{SEPARATOR}]+")
_MARK = re.compile(f"[{MARK}]+")


def fold(text):
    """Return `text` in small letters of one width without accents."""
    if text.isascii():
        return text.lower()
    bare = _MARK.sub("", unicodedata.normalize("NFKD", text).lower())
    folded = unicodedata.normalize("NFKC", bare)
    # One by one they take a fifth of what `translate` takes to look at every letter.
    for letter, plain in _LETTERS.items():
        folded = folded.replace(letter, plain)
    return folded


def words(text, *, in_pairs=True):
    """Return the words of `text` as they are indexed, with spaces between them."""
    folded = fold(text[:LONGEST])
    if in_pairs and not folded.isascii():
        folded = _RUN.sub(_pairs, folded)
    return _SEPARATOR.sub(" ", folded).strip()


def _pairs(match):
    run = match[0]
    pairs = map("".join, zip(run, run[1:], strict=False))
    return f" {' '.join([run[0], *pairs, run[-1]])} "


def is_run(text):
    """Whether `text` is of a script without spaces between words."""
    return _RUN.fullmatch(text) is not None


def split_scripts(text):
    """Split at every change between scripts with and without spaces: AI模型."""
    parts, at = [], 0
    for match in _RUN.finditer(text):
        parts += [text[at : match.start()], match[0]]
        at = match.end()
    return [part for part in (*parts, text[at:]) if part]
