from pathlib import Path

from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import connection

from conversations import backup
from conversations.actions.audit import record_act
from conversations.doctor.migrations import pending
from conversations.management.counting import counted
from conversations.management.lock import alone, is_served


class Command(BaseCommand):
    help = (
        "Have the site be as a backup has it, whichever database that came from. Stop "
        "the site first, and have the same SECRET_KEY. Everybody signs in again."
    )

    def add_arguments(self, parser):
        parser.add_argument("archive", type=Path, help="What backup has written.")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="Give up all that is in this database and among the uploaded files.",
        )

    def handle(self, *, archive, replace, **options):
        if is_served(connection):
            raise CommandError("Nothing was restored. Stop the site first.")
        try:
            with alone(connection):
                manifest = backup.restore(archive, replace=replace)
        except backup.BackupError as error:
            raise CommandError(f"Nothing was restored. {error}") from error
        rows = sum(table["rows"] for table in manifest["tables"].values())
        made_at = manifest["made_at"]
        if self._is_migrated():
            changes = {"rows": [None, rows], "made_at": [None, made_at]}
            record_act("restore", "backup.restored", archive.name, changes)
        files = counted(len(manifest["media"]), "file")
        self.stdout.write(
            f"{counted(rows, 'row')} and {files} are back, "
            f"as of {made_at}. Each table was read again and is what the backup says."
        )

    def _is_migrated(self):
        waiting = pending()
        if waiting:
            self.stdout.write(
                "Run manage.py migrate: the backup is of an older version."
            )
        return not waiting
