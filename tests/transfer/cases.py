"""What the tests of an import have in common: somebody who brings in a file."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from conversations.models import Conversation
from conversations.transfer import importing
from tests.base import ChatTestCase
from tests.transfer.packing import write


class ImportTestCase(ChatTestCase):
    def setUp(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.told = []

    def take(self, value, owner=None):
        """Import `value`, a path or what is written as JSON; return the report."""
        if not isinstance(value, Path):
            value = write(self.folder / "file", value)
        report = importing.take(owner or self.alice, value, self.tell)
        self.assertEqual(json.loads(json.dumps(report)), report)  # as it is kept
        return report

    def tell(self, done, total):
        self.told.append((done, total))

    def taken(self, owner=None):
        mine = Conversation.objects.filter(owner=owner or self.alice)
        return list(mine.exclude(imported_from="").order_by("created_at"))
