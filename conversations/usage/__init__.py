"""What calls of models took, what is left, and who may not spend any more."""

from .ledger import Call, Spent, release, release_stale, reserve, settle
from .left import Exhausted, Left, check, contact_sentence, left_for

__all__ = [
    "Call",
    "Exhausted",
    "Left",
    "Spent",
    "check",
    "contact_sentence",
    "left_for",
    "release",
    "release_stale",
    "reserve",
    "settle",
]
