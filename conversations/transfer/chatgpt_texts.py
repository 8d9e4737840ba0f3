"""The words of a message of ChatGPT: its kinds of content, and marks within them."""

import json
import re

from .entries import ASSISTANT, USER
from .values import line, mapping, sequence, string, text
from .wording import code_block, file_note, joined, picture_note, sound_note

# A mark in the private use area: kind, then what it stands for. Before 2024 sources
# were in lenticular brackets.
_MARK = re.compile(
    "\ue200[^\ue200\ue201]{0,4000}\ue201"
    "|\u3010\\d{1,4}(?::\\d{1,4})?\u2020[^\u3010\u3011]{0,400}\u3011"
)
_LEFT_OVER = re.compile("[\ue200-\ue206]")
_SPACE_BEFORE = re.compile(r"(?<![ \t])[ \t]++(?=[.,;:!?]?(?:\n|$))")
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"]{1,2000}")
# Tools whose calls are the reply, or part of it.
_RUNS_CODE = {"python", "code_interpreter"}
_WRITES_TEXT = {"canmore.create_textdoc", "canmore.update_textdoc"}
_SOUNDS = {"audio_asset_pointer", "real_time_user_audio_video_asset_pointer"}


def text_of(message, role):
    """Return what a message says, "" when it says nothing to a reader."""
    content = mapping(message.get("content"))
    about = mapping(message.get("metadata"))
    if role == USER:
        return joined([_words(content), *map(file_note, _file_names(about))])
    if role == ASSISTANT:
        recipient = message.get("recipient")
        if recipient not in (None, "all"):
            return _call(string(recipient), content)
        return _without_marks(_words(content), about)
    return _result(content)


def thoughts_of(message):
    """Return what the model thought, and for how many seconds if that is told."""
    content = mapping(message.get("content"))
    kind = content.get("content_type")
    seconds = None
    if kind == "reasoning_recap":
        told = mapping(message.get("metadata")).get("finished_duration_sec")
        if isinstance(told, int | float) and 0 < told < 1_000_000:
            seconds = float(told)
    if kind != "thoughts":
        return "", seconds
    thoughts = map(mapping, sequence(content.get("thoughts")))
    parts = [(text(t.get("summary")), text(t.get("content"))) for t in thoughts]
    return joined(joined([s and f"**{s}**", c]) for s, c in parts), None


def _words(content):
    kind = content.get("content_type")
    if kind == "code":
        return code_block(content.get("text"), content.get("language"))
    if kind in ("text", "multimodal_text"):
        return joined(_parts(sequence(content.get("parts"))))
    if kind == "tether_quote":
        quoted = text(content.get("text")).replace("\n", "\n> ")
        return quoted and f"> {quoted}"
    return ""


def _parts(parts):
    is_transcribed = any(
        mapping(part).get("content_type") == "audio_transcription" for part in parts
    )
    for part in parts:
        if isinstance(part, str):
            yield text(part)
            continue
        part = mapping(part)
        kind = string(part.get("content_type"))
        if kind == "image_asset_pointer":
            about = mapping(mapping(part.get("metadata")).get("dalle"))
            yield picture_note(about.get("prompt"))
        elif kind in _SOUNDS and not is_transcribed:
            yield sound_note()
        else:
            yield text(part.get("text"))


def _file_names(about):
    """Return the names of what was attached; pictures stand among the parts."""
    files = map(mapping, sequence(about.get("attachments")))
    return [
        file.get("name")
        for file in files
        if not string(file.get("mime_type") or file.get("mimeType")).startswith("image")
    ]


def _call(recipient, content):
    """Return what a call of a tool says: code that it runs, a text that it writes."""
    written = string(content.get("text")) or string(
        next(iter(sequence(content.get("parts"))), "")
    )
    if recipient in _RUNS_CODE:
        return code_block(written, "python")
    if recipient not in _WRITES_TEXT:
        return ""
    try:
        call = mapping(json.loads(written, strict=False))
    except (ValueError, RecursionError):
        return ""
    kind, _, language = string(call.get("type")).partition("/")
    updates = [mapping(u).get("replacement") for u in sequence(call.get("updates"))]
    texts = [string(t) for t in (call.get("content"), *updates)]
    if kind == "document":
        return joined([line(call.get("name"), 200), *map(text, texts)])
    return joined(code_block(t, language) for t in texts)


def _result(content):
    """Return what a tool gave back where the reader saw it: output, and pictures."""
    kind = content.get("content_type")
    if kind == "execution_output":
        return code_block(content.get("text"), "text")
    if kind == "multimodal_text":
        parts = sequence(content.get("parts"))
        return joined(_parts([part for part in parts if not isinstance(part, str)]))
    return ""


def _without_marks(words, about):
    """Return `words` with links in place of the marks for sources, or nothing."""
    if "\ue200" not in words and "\u3010" not in words:
        return words
    links = dict(_links(about, words))
    words = _MARK.sub(lambda mark: links.get(mark[0], _plain(mark[0])), words)
    return _SPACE_BEFORE.sub("", _LEFT_OVER.sub("", words)).strip()


def _links(about, words):
    """Yield each mark in `words` and what it stands for."""
    for reference in map(mapping, sequence(about.get("content_references"))):
        mark, stands_for = reference.get("matched_text"), reference.get("alt")
        if not isinstance(mark, str) or not mark.strip():
            continue
        if not isinstance(stands_for, str) or len(stands_for) > 4000:
            items = sequence(reference.get("items"))
            stands_for = " ".join(map(_link, map(mapping, [reference, *items])))
        yield mark, stands_for.strip()
    for citation in map(mapping, sequence(about.get("citations"))):
        start, end = citation.get("start_ix"), citation.get("end_ix")
        if isinstance(start, int) and isinstance(end, int):
            yield words[start:end], _link(mapping(citation.get("metadata")))


def _link(source):
    address = string(source.get("url"))
    if not _ADDRESS.fullmatch(address):
        return ""
    words = re.sub(r"[\[\]()]", " ", line(source.get("title"), 120)).strip()
    return f"([{words or address.split('/')[2]}]({address}))"


def _plain(mark):
    """Return what a mark says by itself: the name of somebody or something, or ""."""
    kind, _, rest = mark.strip("\ue200\ue201").partition("\ue202")
    if kind == "url":
        return line(rest.partition("\ue202")[0], 200)
    if kind != "entity":
        return ""
    try:
        named = json.loads(rest, strict=False)
    except (ValueError, RecursionError):
        return ""
    return line(named[1], 200) if isinstance(named, list) and len(named) > 1 else ""
