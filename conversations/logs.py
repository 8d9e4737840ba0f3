"""How a line of the log looks, and what never stands in one."""

import json
import logging
import logging.config
import re
from datetime import UTC, datetime

from django.conf import settings

from conversations import tracing

HIDDEN = "***"
SECRET_SETTINGS = (
    "SECRET_KEY",
    "OPENAI_API_KEY",
    "METRICS_TOKEN",
    "DJANGO_SUPERUSER_PASSWORD",
)
# What others' errors may carry: keys, passwords in URLs, links that sign somebody in,
# and the row that PostgreSQL refused, which may be somebody's message.
SECRETS = (
    (re.compile(r"\b(Bearer|Basic)\s+[^\s'\",]+", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"\bsk-[\w-]{8,}"), HIDDEN),
    (re.compile(r"(\w://[^\s/:@]*):[^\s/@]+@"), rf"\1:{HIDDEN}@"),
    (
        re.compile(
            r"(/setup/|/reset/key/|/confirm-email/|/s/|/join/|\binvitation=)[^\s/&]+"
        ),
        rf"\1{HIDDEN}",
    ),
    (
        re.compile(
            r"^(DETAIL|CONTEXT):.*?(?=^(?:Traceback |The above |During |  File )|\Z)",
            re.MULTILINE | re.DOTALL,
        ),
        rf"\1: {HIDDEN}\n",
    ),
)
# These say at DEBUG what they send: whole requests, with the messages in them.
TALKATIVE = ("openai", "httpx", "httpx2", "httpcore", "httpcore2", "django.db")
CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def configure(wanted):
    """Log on standard error from `wanted["level"]` on, as `wanted["format"]` says.

    The format is "line" or "json". Django calls it, with settings.LOGGING.
    """
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {"()": LineFormatter},
                "json": {"()": JSONFormatter},
            },
            "filters": {"discretion": {"()": Discretion}, "brevity": {"()": Brevity}},
            "handlers": {
                "console": {
                    "class": "logging.StreamHandler",
                    "formatter": wanted["format"],
                    "filters": ["discretion", "brevity"],
                }
            },
            "root": {"handlers": ["console"], "level": wanted["level"]},
            "loggers": {
                "daphne.server": {"level": "WARNING"},
                # They repeat each request, at DEBUG with what people wrote.
                "openai": {"level": "WARNING"},
                "httpx2": {"level": "WARNING"},
                # What it tells at each sign-in names somebody's device.
                "fido2": {"level": "WARNING"},
                # Django would mail each error with all that was sent: text, and keys.
                "django": {"handlers": []},
            },
        }
    )


class Discretion(logging.Filter):
    """Keeps out, at any LOG_LEVEL, what libraries tell of the bodies they carry."""

    def filter(self, record):
        if record.levelno >= logging.INFO:
            return True
        return not any(f"{record.name}.".startswith(f"{name}.") for name in TALKATIVE)


class Brevity(logging.Filter):
    """Where who asked is wrong and not the site, one line is enough.

    Anybody may send a host that is none, a thousand times over.
    """

    def filter(self, record):
        if 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = record.exc_text = None
            record.levelno = min(record.levelno, logging.WARNING)
            record.levelname = logging.getLevelName(record.levelno)
        return True


class LineFormatter(logging.Formatter):
    """One line an event; what an exception has to say stands below."""

    def __init__(self):
        super().__init__("{asctime} {levelname} {name}{during}: {message}", style="{")

    def format(self, record):
        return masked(super().format(record))

    def formatMessage(self, record):
        request_id = request_id_of(record)
        record.during = f" [{request_id}]" if request_id else ""
        record.message = on_one_line(masked(record.message))
        return super().formatMessage(record)


class JSONFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message.

    And, where there is one, request_id and exception (the traceback).
    """

    def format(self, record):
        event = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if request_id := request_id_of(record):
            event["request_id"] = request_id
        if record.exc_info:
            event["exception"] = masked(self.formatException(record.exc_info))
        return json.dumps(event)


def request_id_of(record):
    """Return the id it was given as an extra, else that of what is being done."""
    return getattr(record, "request_id", "") or tracing.current()


def on_one_line(text):
    """Show line ends and other controls as \\x0a: a path may hold a forged line."""
    return CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def masked(text):
    """Return `text` without keys, passwords, links that sign in, or rows."""
    for secret in filter(None, _secrets()):
        text = text.replace(secret, HIDDEN)
    for pattern, shown in SECRETS:
        text = pattern.sub(shown, text)
    return text


def _secrets():
    yield from (getattr(settings, name, "") for name in SECRET_SETTINGS)
    for provider in settings.OIDC_PROVIDERS:
        yield provider.get("client_secret", "")
