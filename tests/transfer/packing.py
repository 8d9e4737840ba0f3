"""Files as people have them, made for a test, and what is read from them."""

import json
import zipfile
from pathlib import Path

from conversations.transfer import reading
from conversations.transfer.entries import Entry, Fault
from conversations.transfer.limits import Limits

FILES = Path(__file__).resolve().parent.parent / "files"
SAMPLES = (
    "chat-ui",
    "chatgpt",
    "chatsite",
    "claude",
    "librechat",
    "librechat-recursive",
    "open-webui",
)


def sample(name):
    """Return what tests/files/<name>.json holds."""
    return json.loads((FILES / f"{name}.json").read_text())


def write(path, value):
    """Write `value`, text, bytes or anything else as JSON, to `path`; return that."""
    if not isinstance(value, str | bytes):
        value = json.dumps(value)
    path.write_bytes(value.encode() if isinstance(value, str) else value)
    return path


def pack(path, members, compression=zipfile.ZIP_DEFLATED):
    """Write a ZIP of `members`, their contents by name, to `path`; return that."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            if not isinstance(content, str | bytes):
                content = json.dumps(content)
            archive.writestr(name, content)
    return path


def read(path, limits=None):
    """Return the Entries and the Faults in the file at `path`."""
    with reading.opened(path, limits or Limits()) as package:
        items = list(package)
    entries = [item for item in items if isinstance(item, Entry)]
    return entries, [item for item in items if isinstance(item, Fault)]


def outline(entry):
    """Return `(parent's place, role, text)` of each turn: a tree without ids."""
    places = {turn.id: place for place, turn in enumerate(entry.turns)}
    return [(places.get(t.parent), t.role, t.text) for t in entry.turns]


def question(node, text, parent=None, children=()):
    """Return a node of ChatGPT's `mapping` in which a person speaks."""
    return _node(node, "user", text, parent, children)


def reply(node, text, parent, children=()):
    return _node(node, "assistant", text, parent, children)


def _node(node, role, text, parent, children):
    return {
        "id": node,
        "parent": parent,
        "children": list(children),
        "message": {
            "id": node,
            "author": {"role": role},
            "content": {"content_type": "text", "parts": [text]},
        },
    }


def chatgpt(*nodes, head=None, number=1, **fields):
    """Return a conversation as ChatGPT exports it."""
    return {
        "title": f"Talk {number}",
        "create_time": 1_700_000_000.0 + number,
        "update_time": 1_700_000_100.0 + number,
        "mapping": {node["id"]: node for node in nodes},
        "current_node": head or (nodes[-1]["id"] if nodes else None),
        "conversation_id": f"c-{number}",
    } | fields


def talk(number=1, **fields):
    """Return a conversation of one question and its reply."""
    return chatgpt(
        question("q", f"Question {number}", children=["a"]),
        reply("a", f"Answer {number}", "q"),
        number=number,
        **fields,
    )
