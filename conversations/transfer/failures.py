"""How a transfer ends that does not end well."""


class TransferFailed(Exception):
    """Nothing more can be done with it; the message is a sentence for its person."""


class Cancelled(Exception):
    """Nobody wants it any more, or this process is about to end: leave at once."""
