"""Runs the checks: no server that hangs keeps them, and none ends the examination."""

import threading
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from django.db import connection
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from . import mail
from .findings import Finding, Verdict, wrong
from .sections import SUBJECTS, Check

# For what is asked elsewhere, all at once; longer, and it counts as not answered.
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Line:
    """A finding, by the name of its check: "disk.free_space"."""

    check: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one subject, under a title that people read."""

    name: str
    title: str
    lines: list[Line]


def examine(*, far=True, mail_to=""):
    """Return the Sections.

    `far` also asks what costs time or tokens: sockets through the proxy, the mail
    server, the providers. `mail_to` is an address that is to get a mail.
    """
    subjects = [
        (subject, [check for check in subject.checks if far or not check.is_far])
        for subject in SUBJECTS
    ]
    if mail_to:
        send = Check(partial(mail.send, mail_to), name="send", is_alone=True)
        next(checks for subject, checks in subjects if subject.name == "mail").append(
            send
        )
    found = _found([check for _subject, checks in subjects for check in checks])
    return [
        Section(
            subject.name,
            str(subject.title),
            [
                Line(f"{subject.name}.{check.name}", finding)
                for check in checks
                for finding in found[check]
            ],
        )
        for subject, checks in subjects
    ]


def worst(sections):
    """Return the worst Verdict there is."""
    verdicts = {line.finding.verdict for section in sections for line in section.lines}
    order = (Verdict.WRONG, Verdict.WARNING)
    return next((verdict for verdict in order if verdict in verdicts), Verdict.OK)


def _found(checks):
    """Return the findings by check. What waits for others does so all at once."""
    alone = {c: begin(partial(_ask, c)) for c in checks if c.is_alone}
    by_ask, found = {check.ask: check for check in checks}, {}

    def find(check):
        """Return what was found, None where what it needs is not well."""
        if check not in found:
            if check.needs and not _is_well(find(by_ask[check.needs])):
                found[check] = None  # one cause is said once
            else:
                is_asked = check in alone
                found[check] = _result(alone[check]) if is_asked else _ask(check)
        return found[check]

    for check in sorted(checks, key=lambda check: check.is_alone):
        find(check)
    return {check: findings or [] for check, findings in found.items()}


def _is_well(findings):
    if findings is None:
        return False
    return all(finding.verdict is not Verdict.WRONG for finding in findings)


def begin(function):
    """Run `function` in a thread of its own; return a Future of what it returns.

    A thread that hangs keeps nobody, not even the end of the process.
    """
    future, language = Future(), get_language()

    def run():
        try:
            with override(language):  # that of the reader, who is in another thread
                future.set_result(function())
        except Exception as error:
            future.set_exception(error)
        finally:
            connection.close()

    threading.Thread(target=run, daemon=True).start()
    return future


def _ask(check):
    try:
        found = check.ask()
    except Exception as error:
        return [_broken(error)]
    return [found] if isinstance(found, Finding) else list(found)


def _result(future):
    try:
        return future.result(PATIENCE_SECONDS)
    except TimeoutError:
        waited = _("It did not answer within %(seconds)d s.")
        return [_broken(TimeoutError(waited % {"seconds": PATIENCE_SECONDS}))]


def _broken(error):
    said = " ".join(str(error).split())[:200]
    return wrong(
        _("This could not be examined: %(error)s")
        % {"error": f"{type(error).__name__}: {said}"},
        _("The error says what is wrong. The log of the site may tell more."),
    )
