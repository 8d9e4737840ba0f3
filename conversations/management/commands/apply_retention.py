from django.core.management.base import BaseCommand

from conversations.actions.retention import count_outlived, delete_outlived
from conversations.management.counting import counted
from conversations.models import GroupRetention, SiteSettings


class Command(BaseCommand):
    help = (
        "Erase what has outlived the days that the site keeps it, as the server does "
        "by itself; or say how much that is."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="Erase nothing; say how much is due."
        )

    def handle(self, *, dry_run, **options):
        self._say_rules()
        due = count_outlived()
        much = (
            f"{counted(due.conversations, 'conversation')} with "
            f"{counted(due.messages, 'message')}, of "
            f"{counted(due.people, 'person', 'people')}, and "
            f"{counted(due.reports, 'report')}"
        )
        if dry_run:
            self.stdout.write(f"Due: {much}. Nothing was erased.")
            return
        while delete_outlived("apply_retention"):
            pass
        self.stdout.write(f"Erased: {much}.")

    def _say_rules(self):
        days = SiteSettings.current().retention_days
        self.stdout.write(f"The site keeps conversations {_words(days)}.")
        for row in GroupRetention.objects.select_related("group"):
            self.stdout.write(f"The group {row.group}: {_words(row.days)}.")


def _words(days):
    return "for ever" if days is None else counted(days, "day")
