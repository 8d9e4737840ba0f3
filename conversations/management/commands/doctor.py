import json
from dataclasses import asdict

from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations import doctor
from conversations.doctor import Verdict

WRONG = 1
# As wide as the widest of them, so that the sentences begin in one column.
MARKS = {Verdict.OK: "ok", Verdict.WARNING: "warning", Verdict.WRONG: "WRONG"}
WIDTH = max(map(len, MARKS.values()))


class Command(BaseCommand):
    help = (
        "Examine the site, and say how to repair what is wrong; ends with 1 if "
        "anything is. Keys are never shown."
    )
    requires_system_checks = []  # it examines what they would stop at

    def add_arguments(self, parser):
        parser.add_argument(
            "--json", action="store_true", help="Tell it to a program, as one object."
        )
        parser.add_argument(
            "--near",
            action="store_true",
            help="Ask neither the address of the site, nor mail server, nor providers.",
        )
        parser.add_argument(
            "--mail", metavar="ADDRESS", default="", help="Send a mail there, too."
        )

    def handle(self, *, json, near, mail, **options):
        sections = doctor.examine(far=not near, mail_to=mail)
        self._tell_program(sections) if json else self._tell(sections)
        total = sum(
            line.finding.verdict is Verdict.WRONG
            for section in sections
            for line in section.lines
        )
        if total:
            sentence = ngettext("%d thing is wrong.", "%d things are wrong.", total)
            raise CommandError(sentence % total, returncode=WRONG)

    def _tell(self, sections):
        for section in sections:
            if not section.lines:
                continue
            self.stdout.write(self.style.MIGRATE_HEADING(section.title))
            for line in section.lines:
                finding = line.finding
                mark = MARKS[finding.verdict].ljust(WIDTH)
                self.stdout.write(f"  {self._style(finding)(mark)}  {finding.fact}")
                if finding.repair:
                    self.stdout.write(f"  {' ' * WIDTH}  → {finding.repair}")
        if doctor.worst(sections) is Verdict.OK:
            self.stdout.write(_("All is well."))

    def _style(self, finding):
        return {
            Verdict.OK: self.style.SUCCESS,
            Verdict.WARNING: self.style.WARNING,
            Verdict.WRONG: self.style.ERROR,
        }[finding.verdict]

    def _tell_program(self, sections):
        lines = [
            {"check": line.check, **asdict(line.finding)}
            for section in sections
            for line in section.lines
        ]
        told = {"verdict": doctor.worst(sections), "lines": lines}
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
