"""What people write is on their pages: in no log, figure, mail or page of the admin."""

import json
import logging
import uuid
from unittest import mock

from django.contrib import admin
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse

from conversations import logs
from conversations.models import Conversation, Message, Report
from conversations.transfer import files
from tests.admin.base import AdminTestCase

CANARY = "Xylocarpine"


class Everything(logging.Handler):
    """The log as it is written, down to the last detail."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(logs.JSONFormatter())
        self.addFilter(logs.Discretion())
        self.lines = []

    def handle(self, record):
        if self.filter(record):
            self.lines.append(self.format(record))


@override_settings(ADMINS=[("Bob", "bob@example.org")], MANAGERS=[])
class CanaryTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.log = Everything()
        root = logging.getLogger()
        before = root.level
        root.addHandler(self.log)
        root.setLevel(logging.DEBUG)
        self.addCleanup(root.setLevel, before)
        self.addCleanup(root.removeHandler, self.log)
        there = set(files.folder().iterdir())
        self.addCleanup(
            lambda: [path.unlink() for path in set(files.folder().iterdir()) - there]
        )
        self.person = Client(raise_request_exception=False)
        self.person.force_login(self.alice)

    def post(self, name, /, *arguments, **data):
        url = reverse(f"conversations:{name}", args=arguments)
        return self.person.post(url, data)

    def write_everywhere(self):
        """Put the word wherever a person may; some of it goes well, some does not."""
        talk, pk = self.conversation.pk, self.reply.pk
        say = {"text": CANARY, "parent": pk, "client_id": uuid.uuid4()}
        self.post("message_send", talk, **say, persona="helper")
        self.post("message_send", uuid.uuid4(), text=CANARY, persona="nobody")
        self.post("message_send", talk, text=CANARY * 20_000, parent=pk)
        self.post("conversation_rename", talk, title=CANARY)
        self.post("folder_create", name=CANARY)
        self.post("snippet_create", name="canary", text=CANARY)
        self.post("unsent_save", conversation=talk, text=CANARY)
        self.post("feedback_give", talk, pk, verdict="bad", note="Long.")
        self.post("settings_save", "language", language=CANARY)
        for content in (CANARY, json.dumps([{"title": CANARY, "mapping": 7}])):
            upload = SimpleUploadedFile(f"{CANARY}.json", content.encode())
            self.post("transfer_create", file=upload)
        frames = reverse("conversations:conversation_frames", args=[talk])
        for frame in ({"type": CANARY}, {"type": "message.send", "text": CANARY}):
            self.person.post(frames, frame, content_type="application/json")
        self.person.post(frames, f"{{{CANARY}", content_type="application/json")
        self.person.get(reverse("conversations:search_list"), {"q": CANARY})
        self.person.get(f"/c/{talk}/?message={CANARY}")
        Message.objects.filter(role="assistant").update(
            text=CANARY, html=CANARY, reasoning=CANARY, reasoning_html=CANARY
        )

    def break_down(self):
        """Fail in the middle of a message, as a bug or a database would."""
        refused = f'value too long\nDETAIL:  Failing row contains (1, "{CANARY}").\n'
        say = {"text": CANARY, "parent": self.reply.pk, "persona": "helper"}
        for error in (ZeroDivisionError(), DataError(refused)):
            with mock.patch("conversations.views.messages.post_message") as post:
                post.side_effect = error
                answer = self.post("message_send", self.conversation.pk, **say)
                self.assertIn(answer.status_code, (500, 503))

    def pages(self):
        """Yield every page of the admin there is, with those of each row."""
        yield reverse("admin:index")
        for model in admin.site._registry:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            for kind in ("changelist", "add", "csv"):
                try:
                    yield reverse(f"{name}_{kind}")
                except NoReverseMatch:
                    continue
            for row in model._default_manager.all()[:20]:
                for kind in ("change", "history", "delete"):
                    yield reverse(f"{name}_{kind}", args=[row.pk])

    def test_it_is_nowhere_but_with_whose_it_is(self):
        self.write_everywhere()
        self.break_down()
        self.assertTrue(Conversation.objects.filter(title=CANARY).exists())
        self.assertGreater(Message.objects.filter(text=CANARY).count(), 2)
        told = "\n".join(self.log.lines)
        self.assertIn("ZeroDivisionError", told)  # it was listened to
        self.assertNotIn(CANARY, told)
        self.assertNotIn(CANARY, self.client.get("/metrics").content.decode())
        self.assertEqual(mail.outbox, [])
        seen = 0
        for url in self.pages():
            answer = self.client.get(url)
            if answer.status_code == 200:
                seen += 1
                body = getattr(answer, "content", None) or answer.getvalue()
                with self.subTest(url):
                    self.assertNotIn(CANARY, body.decode())
        self.assertGreater(seen, 30)
        self.assertFalse(Report.objects.exists())  # shown to moderators on purpose
