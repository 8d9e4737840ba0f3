"""The access log: one line for each request, and for each socket that comes or goes."""

import logging

logger = logging.getLogger("chatsite.access")


def log_request(method, path, status, *, size_bytes=0, seconds=0, request_id=""):
    """Write the line, under the id that the answer had; `method` and `path` are bytes.

    Without the query: it may hold words that people searched for.
    """
    logger.info(
        "%s %s %s %s B %.0f ms",
        method.decode("ascii", "backslashreplace"),
        path.partition(b"?")[0].decode("ascii", "backslashreplace"),
        status,
        size_bytes,
        seconds * 1000,
        extra={"request_id": request_id},
    )


def log_socket(protocol, action, details):
    """What Daphne calls. Of requests it tells too little; they use `log_request`."""
    if protocol == "websocket" and action != "connecting":
        logger.info("socket %s %s", details["path"], action)
