"""What calls of models took, what is left, and who may not spend any more."""

from conversations.models.budgets import are_any

from .ledger import Call, Spent, line_up, release, release_stale, reserve, settle
from .left import (
    Exhausted,
    Left,
    check,
    contact_sentence,
    left_for,
    left_of_personas,
    scarcest_for,
)
from .statements import of_month

__all__ = [
    "Call",
    "Exhausted",
    "Left",
    "Spent",
    "are_any",
    "check",
    "contact_sentence",
    "left_for",
    "left_of_personas",
    "line_up",
    "of_month",
    "release",
    "release_stale",
    "reserve",
    "scarcest_for",
    "settle",
]
