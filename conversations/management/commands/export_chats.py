import os
import shutil
from pathlib import Path

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from conversations import locales
from conversations.actions.audit import record_act
from conversations.management.choices import find_conversation, find_user
from conversations.management.counting import Counting, counted
from conversations.models import Transfer
from conversations.transfer import archive, files
from conversations.transfer.formats import FORMATS
from conversations.transfer.messages import Extract

# Of everything, and how the file ends; of one conversation there are all FORMATS.
OF_ALL = {"zip": "zip", "json": "json"}


class Command(BaseCommand):
    help = "Write all conversations of somebody into a file, as the site itself does."

    def add_arguments(self, parser):
        parser.add_argument("user", help="User name or e-mail.")
        parser.add_argument(
            "--conversation",
            metavar="ID",
            help="Only that one, by its id or address.",
        )
        parser.add_argument(
            "--output",
            metavar="FILE",
            type=Path,
            help="Where to; it must not be there yet. Else a name of its own, here.",
        )
        parser.add_argument(
            "--format",
            choices=sorted({*OF_ALL, *FORMATS}),
            help="zip (what is taken of all): pages to read, and JSON to bring back. "
            "json: one JSON list. Of one conversation: markdown, or what else its menu "
            "offers.",
        )

    def handle(self, *, user, output, format, conversation, **options):
        owner = find_user(user)
        one = find_conversation(owner, conversation) if conversation else None
        format, ending = _chosen(one, format)
        transfer = Transfer(owner=owner, kind=Transfer.Kind.EXPORT)
        name = Path(archive.file_name(transfer)).with_suffix(f".{ending}")
        path = output or name
        if path.is_dir():
            path /= name
        with self._create(path) as file, locales.of_user(owner).active():
            try:
                made = self._write(transfer, one, file, format)
                counts = {"conversations": [None, made]}
                record_act("export_chats", "conversations.exported", owner, counts)
            except BaseException:
                path.unlink()
                raise
        verb = "is" if made == 1 else "are"
        self.stdout.write(f"{counted(made, 'conversation')} {verb} in {path}")

    def _write(self, transfer, one, file, format):
        """Write it; return how many conversations that were."""
        if one:
            return _write_one(one, file, format)
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


def _chosen(one, format):
    """Return the format, and how its file ends."""
    format = format or ("markdown" if one else "zip")
    if one and format in FORMATS:
        return format, FORMATS[format].ending
    if one:
        raise CommandError("A ZIP is of everything: leave out --conversation.")
    if format not in OF_ALL:
        raise CommandError(f"Say which one with --conversation: {format} is of one.")
    return format, OF_ALL[format]


def _write_one(conversation, file, format):
    chosen = FORMATS[format]
    for piece in chosen.write(Extract(conversation, chosen.branches)):
        file.write(piece.encode())
    return 1
