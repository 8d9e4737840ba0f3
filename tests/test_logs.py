"""The log: a line an event, what belongs together by its id, and nothing private."""

import json
import logging
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.test import override_settings

from conversations import logs, tracing
from tests.environment import ROOT

FORMATTERS = {"line": logs.LineFormatter, "json": logs.JSONFormatter}
REFUSED_ROW = """null value in column "role" violates not-null constraint
DETAIL:  Failing row contains (12, null, dear diary
and more of it, 2026-11-21).
"""


@pytest.fixture(autouse=True)
def _nothing_begun():
    token = tracing._current.set("")
    yield
    tracing._current.reset(token)


def record(message="Hello %s", *args, error=None, **extra):
    exc_info = (type(error), error, error.__traceback__) if error else None
    name = "conversations.events"
    made = logging.LogRecord(
        name, logging.WARNING, __file__, 1, message, args, exc_info
    )
    vars(made).update(extra)
    return made


def written(how, *args, **kwargs):
    return FORMATTERS[how]().format(record(*args, **kwargs))


def raised(text):
    try:
        raise ValueError(text)
    except ValueError as error:
        return error


# ── lines ─────────────────────────────────────────────────────────────────────────
def test_a_line_has_time_level_logger_and_message():
    date, _, rest = written("line", "Hello %s", "there").split(" ", 2)
    assert datetime.fromisoformat(date)
    assert rest == "WARNING conversations.events: Hello there"


def test_a_line_has_the_request_id_where_there_is_one():
    tracing.begin("abc")
    assert written("line", "Hello").endswith(" conversations.events [abc]: Hello")


def test_an_id_given_with_the_event_wins():
    tracing.begin("abc")
    assert " [given]: " in written("line", "Hello", request_id="given")


@pytest.mark.parametrize("end", ["\n", "\r", "\x0b", "\x1b", "\x85", "\u2028"])
def test_nobody_can_forge_a_line(end):
    line = written("line", "Not Found: %s", f"/a{end}2026-11-21 INFO root: all is well")
    assert len(line.splitlines()) == 1
    assert end not in line


def test_an_exception_stands_below_its_line():
    lines = written("line", "Sorry", error=raised("why")).splitlines()
    assert lines[0].endswith(": Sorry")
    assert lines[1].startswith("Traceback")
    assert lines[-1] == "ValueError: why"


# ── JSON ──────────────────────────────────────────────────────────────────────────
def test_json_has_one_object_a_line():
    tracing.begin("abc")
    line = written("json", "a\n%s \ud83d \u2028", "b", error=raised("why"))
    assert len(line.splitlines()) == 1
    event = json.loads(line)
    assert list(event) == [
        "time",
        "level",
        "logger",
        "message",
        "request_id",
        "exception",
    ]
    assert event["level"] == "WARNING"
    assert event["logger"] == "conversations.events"
    assert event["message"] == "a\nb \ud83d \u2028"
    assert event["request_id"] == "abc"
    assert event["exception"].endswith("ValueError: why")


def test_json_tells_the_time_with_its_zone():
    now = datetime.now(UTC)
    told = datetime.fromisoformat(json.loads(written("json", "Hello"))["time"])
    assert told.utcoffset() is not None
    assert told >= now


def test_json_leaves_out_what_is_not_there():
    assert {"request_id", "exception"}.isdisjoint(json.loads(written("json", "Hello")))


def test_json_leaves_out_what_others_hang_on_a_record():
    assert "secret body" not in written("json", "Hello", request="secret body")


# ── nothing private ───────────────────────────────────────────────────────────────
PRIVATE = {
    "a key by its setting": "key-of-ours-1234",
    "a key by its look": "sk-proj-abcdEFGH1234",
    "a bearer token": "Bearer eyJhbGciOi.x.y",
    "a password in a URL": "postgres://chat:open-sesame@db/chatsite",
    "the first administrator's link": "GET /setup/made-up-token/ 200",
    "a password link": "GET /accounts/password/reset/key/3-made-up-token/ 302",
    "an address link": "GET /accounts/confirm-email/made-up-token/ 302",
    "an invitation": "GET /join/made-up-token/ 200",
    "signing up by one": "POST /accounts/signup/?invitation=made-up-token 200",
    "a shared link": "GET /s/made-up-token/ 200",
    "a row": REFUSED_ROW,
}
WORDS = (
    "key-of-ours",
    "abcdEFGH",
    "eyJ",
    "open-sesame",
    "made-up-token",
    "diary",
    "more of it",
)


@override_settings(OPENAI_API_KEY="key-of-ours-1234")
@pytest.mark.parametrize("how", FORMATTERS)
@pytest.mark.parametrize("text", PRIVATE.values(), ids=PRIVATE)
def test_private_things_are_hidden(how, text):
    for line in (written(how, "%s", text), written(how, "Oh", error=raised(text))):
        assert "***" in line
        assert not [word for word in WORDS if word in line]


def test_what_follows_a_hidden_row_is_still_told():
    try:
        try:
            raise ValueError(REFUSED_ROW)
        except ValueError as first:
            raise KeyError("afterwards") from first
    except KeyError as error:
        line = written("line", "Oh", error=error)
    assert "diary" not in line
    assert line.endswith("KeyError: 'afterwards'")


def test_what_is_not_private_stays():
    text = "GET /c/4f/ 200 1234 B, postgres://db/chatsite, basic facts: askew sk-8"
    assert "***" not in logs.masked(text.replace("basic facts", "facts"))


# ── the site's own settings ───────────────────────────────────────────────────────
EVENTS = """
import logging
from conversations import tracing
tracing.begin("abc")
logging.getLogger("conversations.events").info("one %s", "event")
logging.getLogger("openai._base_client").debug("Request options: dear diary")
logging.getLogger("django.db.backends").debug("INSERT dear diary")
logging.getLogger("openai").warning("two")
logging.getLogger("conversations.events").debug("three")
"""
SAY_EVENTS = ("shell", "-v0", "-c", EVENTS)


def said(*command, **environment):
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_log_format_json_is_json_from_end_to_end():
    _, log = said(*SAY_EVENTS, LOG_FORMAT="json")
    events = [json.loads(line) for line in log.splitlines()]
    assert [event["message"] for event in events] == ["one event", "two"]
    assert {event["request_id"] for event in events} == {"abc"}


def test_libraries_do_not_tell_bodies_even_at_debug():
    _, log = said(*SAY_EVENTS, LOG_LEVEL="DEBUG")
    assert "diary" not in log
    assert ["one event" in log, "two" in log, "three" in log] == [True] * 3


MISTAKES = """
import logging
refused = logging.getLogger("django.security.DisallowedHost")
ours = logging.getLogger("django.request")
for status, logger in ((400, refused), (500, ours)):
    try:
        raise ValueError("why")
    except ValueError as error:
        logger.error("It was", exc_info=error, extra={"status_code": status})
"""


def test_a_mistake_of_who_asks_is_one_line_and_ours_has_its_traceback():
    _, log = said("shell", "-v0", "-c", MISTAKES, LOG_FORMAT="json")
    theirs, ours = [json.loads(line) for line in log.splitlines()]
    assert theirs["level"] == "WARNING"
    assert "exception" not in theirs
    assert ours["level"] == "ERROR"
    assert ours["exception"].endswith("ValueError: why")


def test_another_format_is_refused_with_its_name():
    code, log = said("check", LOG_FORMAT="xml")
    assert code == 1
    assert "xml" in log
    assert "Traceback" not in log


def test_what_a_sign_in_provider_shares_with_the_site_is_hidden(settings):
    settings.OIDC_PROVIDERS = [{"client_secret": "hush-hush"}]
    assert logs.masked("It said hush-hush.") == "It said ***."
