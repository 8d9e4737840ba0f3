"""What Prometheus is told: counted here, by whoever knows, and read at /metrics.

A call takes about a microsecond, from any thread, and never raises: figures that
cannot be kept cost a line in the log. Nothing here names a person or carries a text.

The processes of one machine keep their figures in PROMETHEUS_MULTIPROC_DIR, so that
any of them tells those of all. It must be set before a process counts anything.
"""

import logging
import time
from functools import wraps
from typing import NamedTuple

from .instruments import instruments

logger = logging.getLogger(__name__)

_has_complained = False
_lag = None


class Lag(NamedTuple):
    """How late the event loop was, and how long ago that was measured."""

    seconds: float
    age_seconds: float


def _kept(count):
    """Make of `count(instruments, …)` a call without them, which never raises."""

    @wraps(count)
    def call(*args, **kwargs):
        try:
            count(instruments(), *args, **kwargs)
        except Exception as error:
            _complain(error)

    return call


def _complain(error):
    """Say it once: it would be said for every frame."""
    global _has_complained
    if not _has_complained:
        _has_complained = True
        logger.error("Metrics are not kept: %r", error)


@_kept
def reply_ended(to, state, error_code="", seconds=None, tokens=None):
    """Count a reply that ended; `error_code` is "" where nothing went wrong.

    `seconds` since its start, and its `tokens`: None where they are not known.
    """
    to.replies_ended.labels(state, error_code or "").inc()
    if seconds is not None:
        to.reply_seconds.observe(seconds)
    if tokens is not None:
        to.reply_tokens.inc(tokens)


@_kept
def replies_running(to, count):
    """Tell how many replies this process is writing now."""
    to.replies_running.set(count)


@_kept
def first_token(to, seconds):
    """Count the first token of a reply, so long after its start."""
    to.first_token.observe(seconds)


@_kept
def frame_sent(to, size_bytes):
    to.frames_sent.inc()
    to.frame_bytes.inc(size_bytes)


@_kept
def socket_opened(to):
    to.sockets_open.inc()


@_kept
def socket_closed(to):
    to.sockets_open.dec()


@_kept
def saved(to, replies, seconds):
    """Count one save of so many growing replies, and how long it took."""
    to.save_seconds.observe(seconds)
    to.saved_replies.inc(replies)


@_kept
def upstream_failed(to, code):
    """Count a request that a provider failed; `code` as in ProviderError."""
    to.upstream_errors.labels(code).inc()


def loop_lagged(seconds):
    """Tell how late the event loop of this process came back to its clock."""
    global _lag
    _lag = seconds, time.monotonic()
    _keep_lag(seconds)


@_kept
def _keep_lag(to, seconds):
    to.loop_lag.observe(seconds)
    to.loop_lag_last.set(seconds)


def lag_seconds():
    """Return the last Lag of this process, None before the first was told."""
    if _lag is None:
        return None
    seconds, told_at = _lag
    return Lag(seconds, time.monotonic() - told_at)
