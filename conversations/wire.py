"""How frames are spelled for a browser, and read from one."""

import json


def spelled(frame):
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


def read(text):
    """Return what `text` says in JSON; None, which is no frame, if it says nothing."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
