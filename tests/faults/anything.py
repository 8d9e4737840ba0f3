"""Whatever somebody may send: frames, bytes, forms. Hypothesis chooses."""

import json
from base64 import b64encode

from hypothesis import strategies as st

from conversations.protocol.frames import OPTIONAL, REQUIRED

from .sockets import masked

DEEP = ["[" * 60_000, '{"type":' * 9_000, "9" * 5_000]


class Long(str):
    """A text of which a failure says only how it begins."""

    def __repr__(self):
        return f"{self[:12]!r}… ({len(self)} characters)"


# With halves of surrogate pairs and everything else that a text may hold.
words = st.text(st.characters(exclude_categories=()), max_size=40)
numbers = st.integers() | st.integers(-(2**70), 2**70) | st.sampled_from([0, 2**63])
plain = st.none() | st.booleans() | numbers | st.floats() | words | st.uuids().map(str)
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4)
    ),
    max_leaves=12,
)
# What stands in the fields of a frame that almost does.
likely = {
    "client_id": st.uuids().map(str),
    "text": words.filter(str.strip),
    "parent": st.none() | st.integers(1, 20),
    "message": st.integers(1, 20),
    "seq": st.integers(0, 20) | st.dictionaries(st.sampled_from("123456789"), numbers),
    "persona": st.sampled_from(["assistant", "", "nobody"]),
    "head": st.none() | st.integers(1, 20),
    "personas": st.lists(st.sampled_from(["assistant", "", "nobody"]), max_size=3),
    "model": st.none() | st.integers(1, 20),
    "models": st.lists(st.none() | st.integers(1, 20), max_size=3),
    "folder": st.none() | st.integers(1, 20),
    "temporary": st.booleans(),
    "stays": st.booleans(),
    "title": st.text(),
}


def _frame_of(kind):
    """A frame of `kind` with each field right, wrong or left out, and others beside."""
    names = [*REQUIRED[kind], *OPTIONAL.get(kind, {})]
    fields = {name: likely.get(name, values) | values for name in names}
    given = st.fixed_dictionaries({}, optional=fields)
    right = st.fixed_dictionaries({name: likely.get(name, values) for name in names})
    surplus = st.just({}) | st.dictionaries(words, values, max_size=1)
    return st.builds(
        lambda chosen, more: more | chosen | {"type": kind}, right | given, surplus
    )


frames = st.sampled_from(sorted(REQUIRED)).flatmap(_frame_of)
texts = (
    frames.map(json.dumps)
    | values.map(json.dumps)
    | words.map(lambda text: text.encode("utf-8", "replace").decode())
    | st.sampled_from(["", *map(Long, DEEP), '"\\ud83d'])
)


# What comes by plain HTTP, and what that says it is.
bodies = texts.map(str.encode) | st.binary(max_size=300)
kinds = st.sampled_from(
    [
        "application/json",
        "application/json; charset=nothing",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "text/html",
        "",
    ]
)

# Frames whose fields are nearly right, or say what can be stored or sent nowhere.
_ID, _HALF, _HUGE = "01234567-89ab-cdef-0123-456789abcdef", "\ud83d", 2**63
ODD_FRAMES = [
    None,
    [],
    _HALF,
    {},
    {"type": ["sync"]},
    {"type": _HALF},
    {"type": "sync", _HALF: 1},
    {"type": "sync", "head": _HUGE},
    {"type": "sync", "seq": {str(_HUGE): 1}},
    {"type": "sync", "seq": {"1": _HUGE}},
    {"type": "sync", "seq": {"\u00b2": 1}},
    {"type": "sync", "seq": {"9" * 5000: 1}},
    {"type": "ack", "message": _HUGE, "seq": _HUGE},
    {"type": "reply.stop", "message": _HUGE, "seq": _HUGE},
    {"type": "message.send", "client_id": _HALF, "text": _HALF, "parent": None},
    {"type": "message.send", "client_id": _ID, "text": f"A\0{_HALF}", "parent": None},
    {"type": "message.send", "client_id": _ID, "text": "A", "parent": _HUGE},
    {"type": "message.edit", "client_id": _ID, "message": _HUGE, "text": _HALF},
    {"type": "reply.compare", "message": 1, "personas": [_HALF], "models": [_HUGE]},
]

# Bytes on the wire: opcodes known and not, in parts, not UTF-8, and mere noise.
wires = st.builds(masked, st.integers(0, 255), st.binary(max_size=300)) | st.binary()

# The same in place of a request: for a socket, not as it should be, or mere noise.
_odd = st.binary(max_size=20)
handshakes = st.builds(
    (
        b"GET /ws/me/ HTTP/1.1\r\nHost: %b\r\nUpgrade: %b\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: %b\r\nSec-WebSocket-Version: %b\r\nOrigin: %b\r\n\r\n"
    ).__mod__,
    st.tuples(
        st.just(b"127.0.0.1") | _odd,
        st.just(b"websocket") | _odd,
        st.binary(min_size=16, max_size=16).map(b64encode) | _odd,
        st.just(b"13") | _odd,
        st.just(b"null") | _odd,
    ),
)
requests = handshakes | st.binary(max_size=300)

# What is no number, or none that fits; no text that can be stored; no day, no choice.
ODD = [
    "",
    "\x00",
    "\ud83d",
    "\u00b2",  # a digit, but no decimal one
    "\u0663",  # a decimal one
    "9" * 30,
    "-1",
    "1e9",
    "NaN",
    "[]",
    "2030-13-45",
    "x" * 300,
    "<b>&",
]


def entry(name, value):
    """What is put into the field `name` of a form, where `value` stood."""
    if "image" in name or "file" in name:
        return st.binary(max_size=300)
    spelled = st.integers().map(str) | st.sampled_from(["on", "1", "-1", "1e9", ""])
    return st.just(value) | words | spelled
