"""The table of the design: the peers as they were measured, the goal, and ours."""

import dataclasses

from .figures import join
from .stacks import STACKS


@dataclasses.dataclass(frozen=True)
class Row:
    key: str
    label: str
    open_webui: str
    chainlit: str
    goal: str


ROWS = (
    Row("install", "install, MB on disk", "2,917", "242", "≤ 260"),
    Row("start", "start to first 200, s", "9.7", "1.4", "≤ 1.0"),
    Row(
        "memory",
        "memory idle, MB / a socket, KB",
        "825 / 339",
        "155 / 207",
        "≤ 100 / ≤ 45",
    ),
    Row(
        "first_text",
        "Enter → first text in Chromium, p50 / p95, ms",
        "94 / 133",
        "95 / 190",
        "≤ 20 / ≤ 35",
    ),
    Row("fiftieth", "— the 50th message against the first, ×", "1.2", "3.2", "1.05"),
    Row(
        "streams",
        "most streams at once, asked in one moment, p95 ≤ 1.25 × ideal",
        "15",
        "50",
        "≥ 400",
    ),
    Row("streams_spread", "— asked over the length of one reply", "—", "—", "—"),
    Row("cpu", "CPU a 1,000 tokens at 50 streams, s", "0.67", "0.40", "≤ 0.10"),
    Row(
        "first_frame",
        "question → first text over a socket, p50 / p95, ms",
        "—",
        "—",
        "≤ 20 / ≤ 35",
    ),
    Row(
        "crowd",
        "5,000 idle sockets: each, KB / dropped (P24)",
        "—",
        "—",
        "≤ 60 / 0",
    ),
    Row(
        "crowd_replies",
        "— 200 replies beside them, p50 / p95, s (P24)",
        "—",
        "—",
        "p95 ≤ 5.0",
    ),
    Row(
        "reconnecting",
        "1,000 tabs back after a restart: all / p50 / p95, s (P25)",
        "—",
        "—",
        "all ≤ 60",
    ),
    Row("slow_readers", "10 slow readers, MB each (P8)", "—", "—", "≤ 1"),
    Row(
        "slow_others",
        "— 50 others: reply, s / between two frames, ms, p95",
        "—",
        "—",
        "as the control",
    ),
    Row(
        "flood",
        "200,000 tokens at once: loop lag, p95 / most, ms / memory, MB (P9)",
        "—",
        "—",
        "≤ 100 / ≤ 100 / ≤ 100",
    ),
    Row(
        "page",
        "new chat from a cold cache, KB / requests",
        "2,729 / 235",
        "1,368 / 18",
        "≤ 60 / ≤ 15",
    ),
    Row(
        "page_conversation",
        "— a conversation of 50 messages, the last 30 at first",
        "—",
        "—",
        "—",
    ),
    Row("usable", "message box usable, ms", "1,798", "926", "≤ 200"),
    Row(
        "long_reply",
        "2,000 tokens at 100/s: browser main thread, s",
        "13.4",
        "34.9",
        "≤ 2.5",
    ),
    Row(
        "list",
        "10,000 chats: list, ms / search a rare word, ms",
        "3.9 / 176",
        "176 / not found",
        "≤ 5 / ≤ 8",
    ),
    Row("list_folders", "— with 200 folders: all closed / 10 open, ms", "—", "—", "—"),
    Row("history", "open 1,000 messages until painted, ms", "728", "5,180", "≤ 150"),
    Row("limits_messages", "open 5,000 messages until painted, ms", "—", "—", "≤ 150"),
    Row(
        "limits_replies",
        "— a reply of 200 KB / a block of code of 1 MB / 400 tables, ms",
        "—",
        "—",
        "—",
    ),
    Row("search", "search 1,000,000 messages, p50, ms", "—", "—", "≤ 15"),
)
PEERS = ("", "Open WebUI", "Chainlit", "goal")
# What is measured on every stack has a second table; the first shows the first stack.
BY_STACK = ("streams", "cpu", "first_frame")


def draw(figures):
    """Return two tables as Markdown, with the notes of the figures under them."""
    found = {(figure.row, figure.stack or STACKS[0].key): figure for figure in figures}
    head = (*PEERS, "chatsite", "control", "chatsite ÷ control")
    everything = [_ours(row, found.get((row.key, STACKS[0].key))) for row in ROWS]
    stacks = [_stacks(row, found) for row in ROWS if row.key in BY_STACK]
    notes = [f"- {f.row}{f.stack and f', {f.stack}'}: {f.note}" for f in figures]
    return "\n".join(
        [
            *_table(head, everything),
            "",
            *_table((*PEERS, *(stack.label for stack in STACKS)), stacks),
            "",
            *notes,
        ]
    )


def _table(head, rows):
    lines = [head, ("---", *["--:"] * (len(head) - 1)), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def _peers(row):
    return row.label, row.open_webui, row.chainlit, row.goal


def _ours(row, figure):
    if figure is None:
        return (*_peers(row), "—", "—", "—")
    ratios = join(figure.ratios, "×") if any(figure.ratios) else "—"
    return (*_peers(row), join(figure.ours), join(figure.control), ratios)


def _stacks(row, found):
    figures = (found.get((row.key, stack.key)) for stack in STACKS)
    return (*_peers(row), *(join(figure.ours) if figure else "—" for figure in figures))
