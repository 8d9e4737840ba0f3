"""What the promises count in seconds and bytes is what the site is shipped with.

The other tests here make the site impatient, so as not to wait for minutes.
"""

import pytest
from django.conf import settings

from conversations import server
from conversations.consumers import viewing
from conversations.generation import clock, recovery
from conversations.llm import chat
from conversations.server import room

KILOBYTE, MEGABYTE = 1024, 1024**2


def longest_end():
    """From SIGTERM to the exit, if all takes as long as it may."""
    ending = server.SAVING_SECONDS + server.CLOSING_SECONDS + server.CANCELLING_SECONDS
    return settings.SHUTDOWN_GRACE_SECONDS + ending


def longest_retrying():
    """All pauses before the sentence, where the provider asks for none."""
    tries = range(settings.OPENAI_MAX_RETRIES)
    return sum(chat.FIRST_RETRY_SECONDS * 2**number for number in tries)


def oldest_from_database():
    """How far behind is who must read of a reply in the database, without Redis."""
    return viewing.ALONE_SECONDS + settings.GENERATION_SAVE_SECONDS


def longest_abandoned():
    """From the last sign of life of a process to the end of its replies."""
    leases = recovery.UNSURE_LEASES * settings.GENERATION_STALE_SECONDS
    return leases + settings.GENERATION_SWEEP_SECONDS


PROMISED = {
    "P4 text that a killed process loses": (
        lambda: settings.GENERATION_SAVE_SECONDS,
        1,
    ),
    "P4 until its replies are settled": (longest_abandoned, 20),
    "P8 unread bytes of a socket": (
        lambda: settings.CHAT_UNACKNOWLEDGED_BYTES,
        64 * KILOBYTE,
    ),
    "P8 until a silent reader is closed": (
        lambda: settings.CHAT_ACKNOWLEDGE_SECONDS,
        30,
    ),
    "P8 until one that takes nothing is": (lambda: room.STALLED_SECONDS, 30),
    "P9 a line": (lambda: settings.OPENAI_MAX_LINE_BYTES, MEGABYTE),
    "P9 a body": (lambda: settings.OPENAI_MAX_BODY_BYTES, 16 * MEGABYTE),
    "P9 a reply": (lambda: settings.OPENAI_MAX_TEXT_BYTES, 4 * MEGABYTE),
    "P10 until the exit": (longest_end, 30),
    "P12 retries": (lambda: settings.OPENAI_MAX_RETRIES, 2),
    "P12 pauses between them": (longest_retrying, 1),
    "P12 a pause asked for": (lambda: settings.OPENAI_MAX_RETRY_AFTER_SECONDS, 20),
    "P15 connecting": (lambda: settings.OPENAI_CONNECT_TIMEOUT_SECONDS, 10),
    "P15 the first token": (lambda: settings.OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS, 60),
    "P15 a gap": (lambda: settings.OPENAI_GAP_TIMEOUT_SECONDS, 60),
    "P15 a whole reply": (lambda: settings.OPENAI_TOTAL_TIMEOUT_SECONDS, 30 * 60),
    "P21 behind, without Redis": (oldest_from_database, 2),
    "P21 until it is looked for": (lambda: viewing.PATIENCE_SECONDS, 2),
    "P26 between two frames": (lambda: settings.GENERATION_FRAME_SECONDS, 0.3),
    "P26 … of a busy process": (lambda: clock.LONGEST_PAUSE_SECONDS, 1),
}


@pytest.mark.parametrize(("told", "most"), PROMISED.values(), ids=PROMISED)
def test_the_site_is_shipped_with_what_is_promised(told, most):
    assert 0 < told() <= most
