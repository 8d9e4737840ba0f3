from pathlib import Path

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils import timezone

from conversations import backup
from conversations.actions.audit import record_act
from conversations.management.counting import Counting, counted

NAME = "chatsite-*.zip"


class Command(BaseCommand):
    help = (
        "Write everything into one archive, while the site runs: every table and every "
        "uploaded file. Keep the SECRET_KEY too: it opens the providers' keys."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--output",
            metavar="FILE",
            type=Path,
            help="Where to; it must not be there yet. Else a name of its own in "
            "BACKUP_DIR.",
        )
        parser.add_argument(
            "--format",
            choices=backup.KINDS,
            default=backup.PORTABLE,
            help="portable: restored into SQLite or PostgreSQL. sqlite: the file of "
            "SQLite as it is, quicker for a large site.",
        )
        parser.add_argument(
            "--keep",
            metavar="N",
            type=int,
            help="Afterwards, delete all but the newest N in BACKUP_DIR.",
        )

    def handle(self, *, output, format, keep, **options):
        if keep is not None and keep < 1:
            raise CommandError("--keep is at least 1.")
        folder = settings.BACKUP_DIR
        path = output or folder / f"chatsite-{timezone.now():%Y%m%d-%H%M%S}.zip"
        try:
            if output is None:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with Counting(self) as count:
                manifest = backup.write(path, kind=format, told=_counted(count))
        except (backup.BackupError, OSError) as error:
            raise CommandError(f"There is no backup: {error}") from error
        rows = sum(table["rows"] for table in manifest["tables"].values())
        record_act("backup", "backup.made", path.name, {"rows": [None, rows]})
        files = counted(len(manifest["media"]), "file")
        self.stdout.write(f"{counted(rows, 'row')} and {files} are in {path}")
        if keep is not None:
            self._delete_all_but(keep, folder)

    def _delete_all_but(self, keep, folder):
        """By their names, which begin with the time."""
        for old in sorted(folder.glob(NAME), reverse=True)[keep:]:
            old.unlink()
            self.stdout.write(f"{old.name} was deleted.")


def _counted(count):
    done = 0

    def told(label):
        nonlocal done
        done += 1
        count(done)

    return told
