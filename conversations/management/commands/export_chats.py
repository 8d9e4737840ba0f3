import os
import shutil
from pathlib import Path

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from conversations import locales
from conversations.actions.audit import record_act
from conversations.management.choices import find_user
from conversations.management.counting import Counting
from conversations.models import Transfer
from conversations.transfer import archive, files


class Command(BaseCommand):
    help = "Write all conversations of somebody into a file, as the site itself does."

    def add_arguments(self, parser):
        parser.add_argument("user", help="User name or e-mail.")
        parser.add_argument(
            "--output",
            metavar="FILE",
            type=Path,
            help="Where to; it must not be there yet. Else a name of its own, here.",
        )
        parser.add_argument(
            "--format",
            choices=["zip", "json"],
            default="zip",
            help="zip: pages to read, and JSON to bring back. json: one JSON list.",
        )

    def handle(self, *, user, output, format, **options):
        owner = find_user(user)
        transfer = Transfer(owner=owner, kind=Transfer.Kind.EXPORT)
        name = Path(archive.file_name(transfer)).with_suffix(f".{format}")
        path = output or name
        if path.is_dir():
            path /= name
        with self._create(path) as file, locales.of_user(owner).active():
            try:
                made = self._write(transfer, file, format)
                counts = {"conversations": [None, made]}
                record_act("export_chats", "conversations.exported", owner, counts)
            except BaseException:
                path.unlink()
                raise
        self.stdout.write(f"{made} conversations are in {path}")

    def _write(self, transfer, file, format):
        with Counting(self) as count:
            if format == "json":
                return archive.write_list(transfer.owner, file, count)
            made = archive.run(transfer, count)["made"]
            result = files.result_path(transfer)
            with open(result, "rb") as source:
                shutil.copyfileobj(source, file)
            result.unlink()
            return made

    def _create(self, path):
        """Open it for this user of the machine alone."""
        try:
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise CommandError(f"{path} is there already.") from None
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from None
        return os.fdopen(number, "wb")
