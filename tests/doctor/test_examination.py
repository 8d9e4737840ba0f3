"""All checks together, and the command that asks them."""

import io
import json
import threading

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.utils import translation

from conversations import doctor
from conversations.doctor import Verdict, examining, migrations, sections
from conversations.doctor.findings import ok, warning, wrong


@pytest.fixture
def subject(monkeypatch):
    """Put one subject, of these checks, in place of all but the database's two."""

    def put(*asks, **how):
        checks = tuple(
            sections.Check(ask, name=f"check_{n}", **how) for n, ask in enumerate(asks)
        )
        kept = [s for s in sections.SUBJECTS if s.name in ("database", "migrations")]
        subject = sections.Subject("thing", "The thing", checks)
        monkeypatch.setattr(examining, "SUBJECTS", (*kept, subject))

    return put


def lines(**how):
    return {
        line.check: line.finding
        for section in doctor.examine(**how)
        for line in section.lines
    }


def wrong_ones():
    return [check for check, found in lines().items() if found.verdict is Verdict.WRONG]


def run(**options):
    said = io.StringIO()
    try:
        call_command("doctor", stdout=said, **options)
        code = 0
    except CommandError as error:
        code = error.returncode
    return code, said.getvalue()


@pytest.mark.django_db
def test_a_check_that_raises_is_a_line_like_others(subject):
    subject(lambda: 1 / 0, lambda: ok("Well."))
    found = lines()
    assert found["thing.check_0"].verdict is Verdict.WRONG
    assert "ZeroDivisionError" in found["thing.check_0"].fact
    assert found["thing.check_1"] == ok("Well.")


@pytest.mark.django_db
def test_one_that_hangs_is_given_up(subject, monkeypatch):
    monkeypatch.setattr(examining, "PATIENCE_SECONDS", 0.2)
    go_on = threading.Event()
    subject(go_on.wait, is_alone=True)
    try:
        assert lines()["thing.check_0"].verdict is Verdict.WRONG
    finally:
        go_on.set()


@pytest.mark.django_db
def test_in_its_thread_it_speaks_the_readers_language(subject):
    subject(lambda: ok(translation.get_language()), is_alone=True)
    with translation.override("ko"):
        assert lines()["thing.check_0"].fact == "ko"


def test_without_a_database_only_it_is_wrong(subject, monkeypatch):
    """Nothing here may touch one: each further question would wait for it."""
    subject(lambda: ok("Rows."), needs=migrations.applied)
    assert wrong_ones() == ["database.answers"]
    assert "thing.check_0" not in lines()


@pytest.mark.django_db
def test_without_its_tables_only_that_is_wrong(subject, monkeypatch):
    """Each question to a table would only say again that it is not there."""
    subject(lambda: 1 / 0, needs=migrations.applied)
    monkeypatch.setattr(migrations, "pending", lambda: ["0099_later"])
    assert wrong_ones() == ["migrations.applied"]


@pytest.mark.django_db
def test_what_is_far_is_not_asked_unless_wanted(subject):
    subject(lambda: ok("Far."), is_far=True)
    assert "thing.check_0" not in lines(far=False)
    assert "thing.check_0" in lines()


class CommandTests(TestCase):
    @pytest.fixture(autouse=True)
    def _subject(self, subject):
        self.subject = subject

    def test_all_is_well(self):
        self.subject(lambda: ok("Here."))
        code, said = run()
        self.assertEqual(code, 0)
        self.assertIn("ok       Here.", said)
        self.assertIn("All is well.", said)

    def test_a_warning_is_no_failure(self):
        self.subject(lambda: warning("Late.", "Hurry."))
        code, said = run()
        self.assertEqual(code, 0)
        self.assertIn("→ Hurry.", said)

    def test_what_is_wrong_ends_with_1(self):
        self.subject(lambda: [wrong("Gone.", "Fetch it."), ok("Here.")])
        code, said = run()
        self.assertEqual(code, 1)
        self.assertIn("WRONG    Gone.", said)

    def test_a_program_gets_one_object(self):
        self.subject(lambda: wrong("Gone.", "Fetch it."))
        code, said = run(json=True)
        self.assertEqual(code, 1)
        told = json.loads(said)
        self.assertEqual(told["verdict"], "wrong")
        self.assertEqual(
            told["lines"][-1],
            {
                "check": "thing.check_0",
                "verdict": "wrong",
                "fact": "Gone.",
                "repair": "Fetch it.",
            },
        )

    def test_every_check_has_a_name_of_its_own(self):
        names = [
            f"{subject.name}.{check.name}"
            for subject in sections.SUBJECTS
            for check in subject.checks
        ]
        self.assertEqual(len(names), len(set(names)))


@pytest.mark.django_db
def test_the_whole_examination_says_something_of_everything():
    found = doctor.examine(far=False)
    assert {section.name for section in found if section.lines} >= {
        "address",
        "secrets",
        "database",
        "migrations",
        "disk",
        "files",
        "backups",
    }


@pytest.mark.django_db
def test_no_row_is_asked_for_before_its_table_is_there(monkeypatch):
    monkeypatch.setattr(migrations, "pending", lambda: ["0099_later"])
    assert lines(far=False).keys().isdisjoint({"clock.rows", "providers.keys"})
