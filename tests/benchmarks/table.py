"""The table of the design: the peers as they were measured, the goal, and ours."""

import dataclasses

from .figures import join


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
    Row("streams_spread", "— asked over the length of one reply", "", "", ""),
    Row("cpu", "CPU a 1,000 tokens at 50 streams, s", "0.67", "0.40", "≤ 0.10"),
    Row(
        "page",
        "new chat from a cold cache, KB / requests",
        "2,729 / 235",
        "1,368 / 18",
        "≤ 60 / ≤ 15",
    ),
    Row("page_conversation", "— a conversation of 50 messages", "", "", ""),
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
    Row("history", "open 1,000 messages until painted, ms", "728", "5,180", "≤ 150"),
    Row("search", "search 1,000,000 messages, p50, ms", "—", "—", "≤ 15"),
)
HEAD = (
    "",
    "Open WebUI",
    "Chainlit",
    "goal",
    "chatsite",
    "control",
    "chatsite ÷ control",
)


def draw(figures):
    """Return the table as Markdown, with the notes of the figures under it."""
    found = {figure.row: figure for figure in figures}
    lines = [HEAD, ("---", *["--:"] * (len(HEAD) - 1))]
    lines += [_cells(row, found.get(row.key)) for row in ROWS]
    lines = [f"| {' | '.join(cells)} |" for cells in lines]
    notes = [f"- {f.row}: {f.note}" for f in figures if f.note]
    return "\n".join([*lines, "", *notes])


def _cells(row, figure):
    peers = (row.label, row.open_webui, row.chainlit, row.goal)
    if figure is None:
        return (*peers, "—", "—", "—")
    ratios = join(figure.ratios, "×") if any(figure.ratios) else "—"
    return (*peers, join(figure.ours), join(figure.control), ratios)
