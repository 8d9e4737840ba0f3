import argparse
import gc
import os
import resource
import socket
import sys
from contextlib import suppress

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from django.urls import reverse

from conversations.actions.administrators import (
    create_administrator,
    has_administrator,
    make_setup_token,
)
from conversations.doctor.migrations import pending
from conversations.management.lock import alone, serving
from conversations.management.ports import Port, PortError
from conversations.models import LanguageModel, SiteSettings

# A socket is an open file; systems allow 1,024 until asked for more.
OPEN_FILES = 65_536
# How long the event loop waits at most for a thread that computes, say a page. With
# Python's 5 ms, of 50 messages sent one after the other the slowest had its first words
# after 20 ms instead of 13.
SWITCH_SECONDS = 0.0005


class Command(BaseCommand):
    help = "Serve the site, and write its replies."

    def add_arguments(self, parser):
        parser.add_argument(
            "--processes",
            type=int,
            default=settings.PROCESSES,
            help="How many processes of this machine share the work; they need Redis.",
        )
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="Migrate the database and collect the static files, if need be.",
        )
        # How one of many is started: with what it listens on, and its lifeline.
        parser.add_argument(
            "--worker", type=int, nargs=2, metavar="FD", help=argparse.SUPPRESS
        )

    def handle(self, *, processes, prepare, worker, **options):
        if worker:
            listener, lifeline = (socket.socket(fileno=number) for number in worker)
            for inherited in (listener, lifeline):
                inherited.set_inheritable(False)
            serve(listener, lambda: lifeline.send(b"."), lifeline)
        if processes > 1 and not settings.REDIS_URL:
            raise CommandError(
                "Several processes hear of each other through Redis: set REDIS_URL, "
                "or serve with --processes 1."
            )
        try:
            self._prepare(prepare)
        except OperationalError as error:
            raise CommandError(
                f"The database does not answer as it should: {error}\n"
                "See whether it runs, and DATABASE_URL in .env."
            ) from None
        try:
            port = Port(settings.HOST, settings.PORT)
        except PortError as error:
            raise CommandError(str(error)) from None
        greeting = list(self.greeting())
        with serving(connection):
            if processes > 1:
                self._serve_many(processes, port, greeting)
            else:
                serve(port.listener, lambda: self._say(greeting))

    # ── before ────────────────────────────────────────────────────────────────────

    def _prepare(self, prepare):
        if pending():
            self._run_or_say("migrate", "The database is not up to date.", prepare)
        if not are_collected(prepare) or lacks_administrator():
            with alone(connection):  # others may start now, too
                self._collect_static_files(prepare)
                self._make_administrator()

    def _run_or_say(self, command, what_is_missing, prepare):
        if not prepare:
            raise CommandError(f"{what_is_missing} Run: python manage.py {command}")
        call_command(command, verbosity=0, interactive=False)

    def _collect_static_files(self, prepare):
        if not are_collected(prepare):
            self._run_or_say(
                "collectstatic", "The static files are not collected.", prepare
            )

    def _make_administrator(self):
        if lacks_administrator():
            create_administrator(
                username=settings.DJANGO_SUPERUSER_USERNAME,
                email=settings.DJANGO_SUPERUSER_EMAIL,
                password=settings.DJANGO_SUPERUSER_PASSWORD,
            )

    def greeting(self):
        """Return what the administrator wants to know first, line by line."""
        model = LanguageModel.objects.default()
        yield f"{SiteSettings.current().name} is at {settings.SITE_URL}/"
        if model.provider.is_demo:
            yield "The demo model answers. Set OPENAI_API_KEY in .env for a real one."
        else:
            at = settings.OPENAI_BASE_URL or "the OpenAI API"
            yield f"{model.api_name} answers, at {at}"
        if not has_administrator():
            path = reverse(
                "conversations:administrator_create", args=[make_setup_token()]
            )
            yield "There is no administrator yet. Become the first one, once, at"
            yield f"    {settings.SITE_URL}{path}"
        yield "Ctrl-C ends it."

    def _say(self, lines):
        for line in lines:
            self.stdout.write(line)
        self.stdout.flush()

    def _serve_many(self, processes, port, greeting):
        from conversations.management.workers import Workers

        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
        if not Workers(port, processes, ready=lambda: self._say(greeting)).run():
            raise CommandError("Not every process ended in order.")


def serve(listener, ready, lifeline=None):
    """Serve in this process, to its end."""
    # Imported here: Daphne installs its reactor as it is imported.
    from chatsite.asgi import application
    from conversations.server import Server

    allow_open_files()
    sys.setswitchinterval(SWITCH_SECONDS)
    # What is loaded by now stays. Each time all garbage is looked for, going through it
    # would stop everybody for a tenth of a second.
    gc.freeze()
    Server(
        application,
        listener,
        grace_seconds=settings.SHUTDOWN_GRACE_SECONDS,
        ready=ready,
        lifeline=lifeline,
    ).run()
    sys.stdout.flush()
    sys.stderr.flush()
    # Everything is saved and closed. What an interpreter does on its way out to tasks
    # that still wait can end in a crash.
    os._exit(0)


def allow_open_files():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    with suppress(ValueError, OSError):  # as on macOS, which allows fewer than it says
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def are_collected(prepare):
    """Whether the static files are there; to `prepare`, whether they are today's.

    What an upgrade left behind is served otherwise: that is for who upgrades to decide.
    """
    if not staticfiles_storage.is_collected():
        return False
    return not (prepare and staticfiles_storage.changed_since())


def lacks_administrator():
    """Whether there is none, and the settings say who shall be the first."""
    return bool(settings.DJANGO_SUPERUSER_PASSWORD) and not has_administrator()
