import threading
from pathlib import Path

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from conversations.actions.refusals import Refusal
from conversations.actions.transfers import cancel_transfer, start_import
from conversations.management.choices import find_user
from conversations.management.counting import Counting
from conversations.models import Transfer
from conversations.transfer import running, uploads

SHOWN = 20  # of what was left out


class Command(BaseCommand):
    help = (
        "Bring in the conversations of somebody, from the file that another site or "
        "this one gave them. Doing it again is harmless."
    )

    def add_arguments(self, parser):
        parser.add_argument("user", help="User name or e-mail.")
        parser.add_argument("file", type=Path)

    def handle(self, *, user, file, **options):
        owner = find_user(user)
        try:
            with uploads.copy(file) as received:
                transfer = start_import(user=owner, received=received, here=True)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from None
        except Refusal as refusal:
            raise CommandError(refusal.detail) from None
        ending = threading.Event()
        try:
            with Counting(self) as count:
                running.carry_out(transfer, ending, also_tell=count)
        except KeyboardInterrupt:
            cancel_transfer(transfer=transfer)
            raise
        transfer.refresh_from_db()
        self._report(transfer)

    def _report(self, transfer):
        if transfer.state != Transfer.State.DONE:
            raise CommandError(transfer.error or transfer.get_state_display())
        report = transfer.report
        self.stdout.write(
            f"{report.get('made', 0)} brought in, {report.get('known', 0)} here "
            f"already, {report.get('skipped_count', 0)} left out"
        )
        for kind in ("folders", "prompts", "settings"):
            if counts := report.get(kind):
                told = f"{counts['made']} new, {counts['known']} here already"
                self.stdout.write(f"  {kind}: {told}")
        for entry in report.get("skipped", [])[:SHOWN]:
            self.stdout.write(f"  {entry['title'] or '—'}: {entry['why']}")
