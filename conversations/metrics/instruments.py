"""Everything that is counted: its name, its unit, its buckets."""

import threading

from django.conf import settings

REPLY_SECONDS = (0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800)
FIRST_TOKEN_SECONDS = (0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60)
SAVE_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
LAG_SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Instruments:
    """The counters of this process, in a registry of their own.

    With PROMETHEUS_MULTIPROC_DIR they are kept in files under the process's id there.
    """

    def __init__(self):
        # Imported here: no other command than the server has something to count.
        import prometheus_client

        self._kinds = prometheus_client
        prometheus_client.disable_created_metrics()
        self.registry = prometheus_client.CollectorRegistry()
        if not settings.PROMETHEUS_MULTIPROC_DIR:
            prometheus_client.ProcessCollector(registry=self.registry)
        self._add_replies()
        self._add_sockets()
        self._add_machinery()

    def _add_replies(self):
        self.replies_ended = self._counter(
            "replies_ended", "Replies that ended, by state and error.", "state", "code"
        )
        self.replies_running = self._gauge(
            "replies_running", "Replies that are being written.", "livesum"
        )
        self.reply_tokens = self._counter("reply_tokens", "Tokens of ended replies.")
        self.first_token = self._histogram(
            "reply_first_token_seconds",
            "From the start of a reply to its first token.",
            FIRST_TOKEN_SECONDS,
        )
        self.reply_seconds = self._histogram(
            "reply_seconds", "From the start of a reply to its end.", REPLY_SECONDS
        )
        self.upstream_errors = self._counter(
            "upstream_errors", "Requests that a provider failed, by error.", "code"
        )

    def _add_sockets(self):
        self.sockets_open = self._gauge("sockets_open", "Open sockets.", "livesum")
        self.frames_sent = self._counter("frames_sent", "Frames sent to sockets.")
        self.frame_bytes = self._counter("frames_sent_bytes", "Bytes of those frames.")

    def _add_machinery(self):
        self.loop_lag = self._histogram(
            "loop_lag_seconds", "How late the event loop was.", LAG_SECONDS
        )
        self.loop_lag_last = self._gauge(
            "loop_lag_last_seconds", "The last lag; of processes, the worst.", "livemax"
        )
        self.save_seconds = self._histogram(
            "save_seconds", "Saves, each of all growing replies.", SAVE_SECONDS
        )
        self.saved_replies = self._counter("saved_replies", "Replies in those saves.")

    def _counter(self, name, text, *labels):
        return self._kinds.Counter(
            f"chatsite_{name}", text, labels, registry=self.registry
        )

    def _gauge(self, name, text, mode):
        """Add a gauge; `mode` is how those of living processes become one."""
        return self._kinds.Gauge(
            f"chatsite_{name}", text, multiprocess_mode=mode, registry=self.registry
        )

    def _histogram(self, name, text, buckets):
        return self._kinds.Histogram(
            f"chatsite_{name}", text, buckets=buckets, registry=self.registry
        )


_making = threading.Lock()
_made = None
_failure = None


def instruments():
    """Return the one Instruments of this process, made at the first call.

    Raises, at every call, what kept it from being made: an error of the folder.
    """
    global _made, _failure
    if _made is None:
        with _making:
            if _failure is not None:
                raise _failure
            if _made is None:
                try:
                    _made = Instruments()
                except OSError as error:
                    _failure = error
                    raise
    return _made
