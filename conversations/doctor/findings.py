"""What a check found: how it stands, the fact, and how to repair it."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `repair` is "" where nothing needs any."""

    verdict: Verdict
    fact: str
    repair: str = ""


def ok(fact):
    return Finding(Verdict.OK, fact)


def warning(fact, repair):
    return Finding(Verdict.WARNING, fact, repair)


def wrong(fact, repair):
    return Finding(Verdict.WRONG, fact, repair)
