"""Who may spend how much: what administrators set, and what is refused by it."""

from contextlib import contextmanager

from conversations import usage

from .refusals import Refusal


@contextmanager
def refused_when_used_up():
    """Turn a budget without room into the Refusal that tells of it."""
    try:
        yield
    except usage.Exhausted as error:
        raise Refusal(error.code, error.sentence) from None
