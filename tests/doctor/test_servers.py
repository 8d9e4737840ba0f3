"""The servers a site leans on: database, Redis, mail."""

import os
import socketserver
import subprocess
import sys
import threading
from unittest import mock

import pytest
from django.conf import settings as in_force
from django.db import connection
from django.test import TestCase

from conversations.doctor import database, mail, migrations, redis
from tests.daemon import free_port
from tests.environment import ROOT

from .verdicts import OK, WARNING, WRONG, verdicts


class DatabaseTests(TestCase):
    def test_what_it_was_told_is_in_force(self):
        self.assertEqual(verdicts(database.answers), [OK])
        self.assertEqual(set(verdicts(database.in_force)), {OK})

    def test_what_is_not_in_force_is_told(self):
        kept = connection.settings_dict["OPTIONS"]
        changed = {**kept, "transaction_mode": "DEFERRED", "pool": None}
        with mock.patch.dict(connection.settings_dict, OPTIONS=changed):
            self.assertIn(WRONG, verdicts(database.in_force))

    def test_migrations_that_wait(self):
        self.assertEqual(verdicts(migrations.applied), [OK])
        with mock.patch.object(migrations, "pending", return_value=["0099_later"]):
            self.assertEqual(verdicts(migrations.applied), [WRONG])
            self.assertIn("0099_later", migrations.applied().fact)

    def test_a_migration_that_did_not_run_waits(self):
        self.assertEqual(migrations.pending(), [])
        last = sorted(name for app, name in migrations._on_disk() if app == "sessions")
        recorder = migrations.MigrationRecorder(connection)
        recorder.record_unapplied("sessions", last[-1])
        self.assertEqual(migrations.pending(), [f"sessions.{last[-1]}"])

    def test_a_database_that_is_ahead(self):
        self.assertEqual(verdicts(migrations.known), [])
        migrations.MigrationExecutor(connection).recorder.record_applied(
            "conversations", "9999_of_the_future"
        )
        self.assertEqual(verdicts(migrations.known), [WRONG])


def test_a_site_loads_only_what_it_uses():
    """Redis, who signs people in elsewhere, and the renderer wait until they are."""
    waiting = {"comrak", "jwt", "math_core", "nh3", "pygments", "redis", "requests"}
    code = "import sys, chatsite.asgi, chatsite.urls, conversations.identity.adapter;"
    code += f"sys.exit(', '.join({waiting} & sys.modules.keys()) or None)"
    environment = os.environ | {"REDIS_URL": ""}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)


def test_redis_answers_or_is_not_needed(settings):
    assert verdicts(redis.answers) == [OK]
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    assert verdicts(redis.answers) == [WRONG]


def test_several_processes_need_redis(settings):
    settings.REDIS_URL, settings.PROCESSES = "", 2
    assert verdicts(redis.answers) == [WRONG]


# ── mail ──────────────────────────────────────────────────────────────────────────


class Smtp(socketserver.StreamRequestHandler):
    """A server that takes who comes, and notes what they say."""

    ANSWERS = {"DATA": "354 go on", "QUIT": "221 bye"}

    def handle(self):
        self.say("220 here")
        for line in self.rfile:
            verb = line.decode().split()[0].upper()
            self.server.heard.append(verb)
            self.say(self.ANSWERS.get(verb, "250 ok"))
            if verb == "DATA":
                self.server.mail = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.say("250 taken")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def smtp(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp) as server:
        server.heard = []
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        settings.EMAIL_BACKEND = mail.SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server
        server.shutdown()


def test_mail_that_is_only_written_down(settings):
    assert in_force.EMAIL_BACKEND.endswith("locmem.EmailBackend")
    assert verdicts(mail.server) == [WARNING]


def test_a_mail_server_is_greeted_and_gets_no_mail(smtp):
    assert verdicts(mail.server) == [OK]
    assert smtp.heard == ["EHLO", "QUIT"]


def test_one_that_does_not_encrypt_where_it_should(smtp, settings):
    settings.EMAIL_USE_TLS = True
    assert verdicts(mail.server) == [WRONG]
    assert "MAIL" not in smtp.heard


def test_one_that_is_away(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = mail.SMTP, "127.0.0.1"
    settings.EMAIL_PORT = free_port()
    assert verdicts(mail.server) == [WRONG]


def test_a_mail_is_sent_to_who_asks_for_one(smtp):
    assert verdicts(mail.send("ana@example.org")) == [OK]
    assert smtp.heard == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]
    assert b"To: ana@example.org" in smtp.mail


def test_the_sender(settings):
    settings.SITE_URL = "https://chat.example.org"
    settings.DEFAULT_FROM_EMAIL = "Chat <chat@example.org>"
    assert verdicts(mail.sender) == [OK]
    settings.DEFAULT_FROM_EMAIL = "chatsite@localhost"
    assert verdicts(mail.sender) == [WARNING]
