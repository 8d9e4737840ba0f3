from django.core.management.commands import migrate
from django.db import connections

from conversations.management.lock import alone


class Command(migrate.Command):
    """Django's own. Run by several processes at once, one migrates and others wait."""

    def handle(self, *args, **options):
        self.verbosity = options["verbosity"]
        with alone(connections[options["database"]], waiting=self._waiting):
            return super().handle(*args, **options)

    def _waiting(self):
        if self.verbosity >= 1:
            self.stdout.write("Another process migrates this database. Waiting for it.")
            self.stdout.flush()
