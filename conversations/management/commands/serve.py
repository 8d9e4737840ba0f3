import errno
import os
import sys

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from conversations.actions.administrators import (
    create_administrator,
    has_administrator,
    make_setup_token,
)
from conversations.models import LanguageModel


class Command(BaseCommand):
    help = "Serve the site, and write its replies."

    def add_arguments(self, parser):
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="Migrate the database and collect the static files, if need be.",
        )

    def handle(self, *, host, port, prepare, **options):
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        if is_unmigrated():
            self._run_or_say("migrate", "The database is not up to date.", prepare)
        if not staticfiles_storage.is_collected():
            self._run_or_say(
                "collectstatic", "The static files are not collected.", prepare
            )
        self._ensure_administrator()
        self._serve(host, port)

    def _run_or_say(self, command, what_is_missing, prepare):
        if not prepare:
            raise CommandError(f"{what_is_missing} Run: python manage.py {command}")
        call_command(command, verbosity=0, interactive=False)

    def _ensure_administrator(self):
        if settings.DJANGO_SUPERUSER_PASSWORD and not has_administrator():
            create_administrator(
                username=settings.DJANGO_SUPERUSER_USERNAME,
                email=settings.DJANGO_SUPERUSER_EMAIL,
                password=settings.DJANGO_SUPERUSER_PASSWORD,
            )

    def _serve(self, host, port):
        # Imported here: Daphne installs its reactor as it is imported.
        from chatsite.asgi import application
        from conversations.server import Server

        server = Server(
            application,
            endpoints=[build_endpoint(host, port)],
            ready_callable=lambda: self._ready(host, port),
            grace_seconds=settings.SHUTDOWN_GRACE_SECONDS,
            server_name="chatsite",
        )
        server.run()
        if server.failure:
            raise CommandError(sentence_about(server.failure, port))
        sys.stdout.flush()
        sys.stderr.flush()
        # Everything is saved and closed. What an interpreter does on its way out to
        # tasks that still wait can end in a crash.
        os._exit(0)

    def _ready(self, host, port):
        for line in self.greeting():
            self.stdout.write(line)
        self.stdout.flush()

    def greeting(self):
        """Return what the administrator wants to know first, line by line."""
        model = LanguageModel.objects.default()
        yield f"{settings.SITE_NAME} is at {settings.SITE_URL}/"
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


def build_endpoint(host, port):
    """Return Twisted's description of where to listen; IPv6 has colons of its own."""
    escaped = host.replace(":", "\\:")
    return f"tcp:port={port}:interface={escaped}"


def is_unmigrated():
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def sentence_about(failure, port):
    reason = getattr(failure, "socketError", None)
    if getattr(reason, "errno", None) == errno.EADDRINUSE:
        return (
            f"Port {port} is in use. End what runs there, or choose another: "
            f"make run PORT={port + 1}"
        )
    return f"Cannot listen on port {port}: {reason or failure}"
