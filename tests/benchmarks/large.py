"""Replies as large as a page must bear: one message, one block of code, many tables."""

LONG_BYTES = 200_000
CODE_BYTES = 1_000_000
TABLES = 400
PARAGRAPH = (
    "A river **carries** sand, and *drops it* where it slows; the slow half is the "
    "interesting one, says `flow(x)`, and goes [on](https://example.org/sand).\n\n"
)
LINE = "    total = total + measured[number] * weight  # grain by grain\n"
ROW = "| sand | water | wind |\n"


def long():
    return PARAGRAPH * (LONG_BYTES // len(PARAGRAPH))


def code():
    return f"```python\n{LINE * (CODE_BYTES // len(LINE))}```\n"


def tables():
    return f"{ROW}| --- | --- | --: |\n{ROW * 4}\n" * TABLES


TEXTS = {"long": long, "code": code, "tables": tables}
