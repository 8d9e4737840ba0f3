"""What a file that comes in may hold at most; the page of imports tells it."""

from dataclasses import dataclass

from django.conf import settings

MEBIBYTE = 1024**2


@dataclass(frozen=True)
class Limits:
    """Sizes of what is read. What is over one is left out, and the report says so.

    `conversation_characters` are those of its JSON, `depth` counts brackets in
    brackets. A ZIP over one of the last three is refused as a whole: `ratio` is how
    many bytes of its content one byte of it may stand for.
    """

    conversations: int = 100_000
    conversation_characters: int = 32 * MEBIBYTE
    messages: int = 20_000
    message_characters: int = 1_000_000
    depth: int = 20_000
    unpacked_bytes: int = 4096 * MEBIBYTE
    members: int = 2 * conversations + 100  # our own has two for each, and some more
    ratio: int = 250


def limits():
    """Return the Limits of this site: what was said here may come back."""
    longest = max(
        Limits.message_characters,
        settings.CHAT_MAX_MESSAGE_CHARACTERS,
        settings.OPENAI_MAX_TEXT_BYTES,
    )
    return Limits(
        message_characters=longest,
        conversation_characters=max(Limits.conversation_characters, 8 * longest),
        unpacked_bytes=settings.TRANSFER_MAX_UNPACKED_BYTES,
    )
