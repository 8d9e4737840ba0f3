"""Everything that may go wrong with a provider, as codes.

| code | when |
|---|---|
| key_rejected, forbidden, model_missing | 401, 403, 404 |
| rate_limited, quota_exhausted | 429; 429 or 402 for want of money |
| context_too_long, request_refused | the prompt is too large; any other 4xx |
| provider_down, redirected | 5xx; 3xx, which is never followed |
| not_an_api | what answers is a web page or something else |
| unreachable | no connection: name, address, port or TLS |
| slow_to_start, stalled, too_long | first token, a gap, the whole: over its time |
| malformed, too_big | an answer that cannot be read; over a size limit |
| connection_lost | broken before the end |
| empty_reply, tool_call | nothing was written; only a tool call was |
"""

import email.utils
import json
import math
import time

NAMED_CODES = {
    "insufficient_quota": "quota_exhausted",
    "billing_hard_limit_reached": "quota_exhausted",
    "context_length_exceeded": "context_too_long",
    "exceed_context_size_error": "context_too_long",
    "model_not_found": "model_missing",
    "invalid_api_key": "key_rejected",
    "rate_limit_exceeded": "rate_limited",
}
STATUS_CODES = {
    401: "key_rejected",
    402: "quota_exhausted",
    403: "forbidden",
    404: "model_missing",
    413: "context_too_long",
    429: "rate_limited",
}
# How servers without an error code for it say that the prompt is too long.
TOO_LONG_PHRASES = ("maximum context length", "context window", "context size")
RETRIED_STATUSES = frozenset({408, 409, 429})


class ProviderError(Exception):
    """A request failed; `code` is one of the table above.

    `status` is the HTTP status, None when there was none; `retry_after_seconds` is
    the wait the provider asked for. Neither the answer's body nor the key is kept.
    """

    def __init__(
        self,
        code: str,
        *,
        status: int | None = None,
        request_id: str = "",
        retry_after_seconds: float | None = None,
        retryable: bool = False,
        refused_parameter: str = "",
    ):
        super().__init__(code)
        self.code = code
        self.status = status
        self.request_id = request_id
        self.retry_after_seconds = retry_after_seconds
        self.retryable = retryable  # whether the same request may work soon
        self.refused_parameter = refused_parameter  # what the server cannot take

    def __str__(self):
        return self.code if self.status is None else f"{self.code} (HTTP {self.status})"


def from_response(status: int, headers, body: bytes) -> ProviderError:
    """Return the error that an answer with this status (300 and above) means."""
    answer = _parse(body)
    code = _code(status, answer)
    may_work_soon = status in RETRIED_STATUSES or status >= 500
    return ProviderError(
        code,
        status=status,
        request_id=request_id_of(headers),
        retry_after_seconds=_retry_after(headers),
        retryable=may_work_soon
        and code != "quota_exhausted"
        and headers.get("x-should-retry") != "false",
        refused_parameter=_refused_parameter(status, answer),
    )


def from_event(answer: dict) -> ProviderError:
    """Return the error that a provider sent as an event of its stream."""
    error = _fields(answer)
    status = error.get("code", error.get("status"))
    if not (isinstance(status, int) and 400 <= status < 600):
        status = None
    code = _code(status or 500, answer)
    return ProviderError(
        code,
        status=status,
        retryable=code in {"rate_limited", "provider_down"},
    )


def request_id_of(headers) -> str:
    return headers.get("x-request-id", "")[:200]


def _code(status, answer):
    error = _fields(answer)
    for name in (error.get("code"), error.get("type")):
        if isinstance(name, str) and name in NAMED_CODES:
            return NAMED_CODES[name]
    if 300 <= status < 400:
        return "redirected"
    if status >= 500:
        return "provider_down"
    if status in (401, 402, 413, 429):
        return STATUS_CODES[status]
    # A page, or a framework's own 404: the address is not an API's.
    if answer is None or (status == 404 and not error):
        return "not_an_api"
    message = _message(error).lower()
    if any(phrase in message for phrase in TOO_LONG_PHRASES):
        return "context_too_long"
    return STATUS_CODES.get(status, "request_refused")


def _refused_parameter(status, answer):
    if status not in (400, 422) or answer is None:
        return ""
    error = _fields(answer)
    message = _message(error) or str(answer.get("detail", ""))[:2000]
    for name in ("stream_options", "temperature", "top_p"):
        if error.get("param") == name or (not error.get("param") and name in message):
            return name
    return ""


def _parse(body):
    """Return a JSON object, or None for anything else."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _fields(answer):
    """Return the error's own fields: `error`, or the answer where it is one itself."""
    if not answer:
        return {}
    error = answer.get("error")
    if isinstance(error, dict):
        return error
    if isinstance(error, str):
        return {"message": error}
    return answer if "message" in answer else {}


def _message(error):
    message = error.get("message")
    return message[:2000] if isinstance(message, str) else ""


def _retry_after(headers):
    """Return the seconds to wait that the headers ask for, None without them."""
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        return max(seconds, 0.0) if math.isfinite(seconds) else None
    moment = email.utils.parsedate_tz(headers.get("retry-after", ""))
    if moment is None:
        return None
    return max(email.utils.mktime_tz(moment) - time.time(), 0.0)
