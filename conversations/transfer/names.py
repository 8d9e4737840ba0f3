"""Names of files: of any title in any language, one that every system can keep."""

import unicodedata

LONGEST_BYTES = 120  # of 255 that a file system takes, with a folder and an end to come

_FORBIDDEN = set('<>:"/\\|?*')
# Windows keeps these names for devices, with or without an ending.
_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{device}{number}" for device in ("com", "lpt") for number in range(10)
}
# Letters of some scripts and emoji are joined by these; other invisible signs can make
# a name look like another.
_JOINERS = "\u200c\u200d"


def file_stem(title, *, otherwise="conversation"):
    """Return `title` as the name of a file without its ending.

    `otherwise` stands for a title of which nothing is left.
    """
    words = "".join(_allowed(c) for c in unicodedata.normalize("NFC", title))
    stem = _cut(" ".join(words.split()).strip(". "), LONGEST_BYTES).rstrip(". ")
    if stem.partition(".")[0].strip().lower() in _DEVICES:
        stem = f"_{stem}"
    return stem or otherwise


def _allowed(character):
    if character in _FORBIDDEN:
        return " "
    category = unicodedata.category(character)
    if character in _JOINERS or category not in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return character
    return " " if category == "Cc" else ""


def _cut(text, most_bytes):
    """Cut between two letters, never between one and the marks that belong to it."""
    kept, size = len(text), 0
    for at, character in enumerate(text):
        size += len(character.encode())
        if size > most_bytes:
            kept = at
            break
    while 0 < kept < len(text) and _joins(text[kept - 1], text[kept]):
        kept -= 1
    return text[:kept]


def _joins(before, character):
    return (
        unicodedata.category(character) in ("Mn", "Mc", "Me")
        or character in _JOINERS
        or before in _JOINERS
    )
