"""What a sheet of ours may not do: name a side, or move for who wants stillness."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PHYSICAL = re.compile(
    r"(?<![\w-])(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)"
    r"|(?<![\w-])(?:left|right)\s*:(?! var\(--x\))"  # where a pointer was
    r"|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right)"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
)


def test_no_sheet_names_left_or_right():
    found = []
    for path in sorted((ROOT / "static").rglob("*.css")):
        sheet = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        # A formula runs from left to right on every page.
        sheet = re.sub(r"\.prose \.math-[^{]*\{[^}]*\}", "", sheet)
        for line in sheet.splitlines():
            if PHYSICAL.search(line):
                found.append(f"{path.relative_to(ROOT)}: {line.strip()}")
    assert found == []


def test_what_moves_stands_still_for_who_wants_that():
    """Every movement takes its time from a token, and the tokens know the wish."""
    found = []
    for path in sorted((ROOT / "static" / "css").glob("*.css")):
        if path.name == "tokens.css":
            continue
        text = path.read_text()
        for rule in re.findall(r"(?:transition|animation)[\w-]*\s*:[^;]*;", text):
            if re.search(r"\b\d*\.?\d+m?s\b", rule):
                found.append(f"{path.name}: {rule}")
    tokens = (ROOT / "static/css/tokens.css").read_text()
    assert "prefers-reduced-motion: reduce" in tokens
    assert found == []
