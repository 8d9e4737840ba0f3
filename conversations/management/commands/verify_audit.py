from django.core.management import CommandError
from django.core.management.base import BaseCommand

from conversations.management.counting import counted
from conversations.models.audit import AuditEntry, first_broken


class Command(BaseCommand):
    help = (
        "Look whether every entry of the audit log is there as it was written; "
        "end with 1 and name the first that is not."
    )

    def handle(self, **options):
        if broken := first_broken():
            number, fault = broken
            raise CommandError(f"Entry {number} of the audit log {fault}.")
        last = AuditEntry.objects.first()
        if last is None:
            self.stdout.write("The audit log is empty.")
        else:
            entries = counted(last.number, "entry", "entries")
            self.stdout.write(f"The audit log is whole: {entries}, sealed {last.hash}.")
