"""Reasoning that a model writes into its reply, told from the reply."""

OPEN, CLOSE = "<think>", "</think>"


class ThinkTag:
    """Splits `<think>…</think>` at the very start of a text, cut anywhere."""

    def __init__(self):
        self.is_past = False  # nothing more to split: the text needs no feeding
        self._inside = False
        self._closed = False
        self._held = ""

    def feed(self, text: str) -> tuple[str, str]:
        """Return the reasoning and the text that are certain by now."""
        held, self._held = self._held + text, ""
        if self._closed:
            return "", self._after(held)
        if self._inside:
            return self._split(held)
        start = held.lstrip()
        if start.startswith(OPEN):
            self._inside = True
            return self._split(start[len(OPEN) :])
        if OPEN.startswith(start):
            self._held = held
            return "", ""
        self.is_past = True
        return "", held

    def end(self) -> tuple[str, str]:
        """Return what was held back in case more of a tag came."""
        held, self._held = self._held, ""
        return (held, "") if self._inside and not self._closed else ("", held)

    def _split(self, held):
        reasoning, tag, text = held.partition(CLOSE)
        if tag:
            self._closed = True
            return reasoning, self._after(text)
        keep = next((n for n in range(7, 0, -1) if held.endswith(CLOSE[:n])), 0)
        self._held = held[len(held) - keep :]
        return held[: len(held) - keep], ""

    def _after(self, text):
        """Drop the blank lines between the reasoning and the reply."""
        text = text.lstrip()
        self.is_past = bool(text)
        return text
