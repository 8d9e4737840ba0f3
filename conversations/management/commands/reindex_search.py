from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import connection

from conversations.management.counting import counted
from conversations.search import index

DIFFERENT = 1


class Command(BaseCommand):
    help = (
        "Make the index of the search anew, in batches, while the site runs; "
        "or compare it with every text."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--check",
            action="store_true",
            help="Change nothing; end with 1 when the index differs.",
        )

    def handle(self, *, check, **options):
        if check:
            self._check()
        else:
            self._rebuild()

    def _check(self):
        found = index.check(connection)
        if found:
            raise CommandError(
                f"The index differs: {counted(found.missing, 'text')} missing, "
                f"{found.stale} changed, {found.lost} in one part only. "
                "Run reindex_search.",
                returncode=DIFFERENT,
            )
        self.stdout.write("The index has every text, as it is.")

    def _rebuild(self):
        said = done = 0
        for done, total in index.rebuild(connection):
            if done * 100 // total > said:
                said = done * 100 // total
                self.stdout.write(f"{said} %", ending="\r")
                self.stdout.flush()
        self.stdout.write(f"Indexed: {counted(done, 'text')}.")
