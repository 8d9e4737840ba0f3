import io
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse

from conversations.models import Transfer
from conversations.transfer import files, uploads
from tests.base import ChatTestCase


class TransferViewTestCase(ChatTestCase):
    def setUp(self):
        self.client.force_login(self.alice)
        self.list_url = reverse("conversations:transfer_list")
        before = set(files.folder().iterdir())
        self.addCleanup(
            lambda: [path.unlink() for path in set(files.folder().iterdir()) - before]
        )

    def made(self, **fields):
        fields = {
            "kind": "export",
            "state": "done",
            "report": {"size_bytes": 5},
        } | fields
        return Transfer.objects.create(owner=self.alice, **fields)

    def url(self, name, transfer):
        return reverse(f"conversations:transfer_{name}", args=[transfer.pk])


class TransferListTests(TransferViewTestCase):
    def test_the_limits_are_told_beforehand(self):
        with override_settings(TRANSFER_MAX_BYTES=500 * 1024**2):
            response = self.client.get(self.list_url)
        self.assertContains(response, "at most 500 MB")

    def test_it_says_how_each_ended(self):
        report = {
            "made": 3,
            "known": 1,
            "skipped_count": 1,
            "skipped": [{"title": "<i>Odd</i>", "why": "It has no messages."}],
        }
        self.made(kind="import", source_name="<b>.zip", report=report)
        response = self.client.get(self.list_url)
        for words in ("3 conversations brought in", "1 was here already"):
            self.assertContains(response, words)
        self.assertContains(response, "&lt;i&gt;Odd&lt;/i&gt;")
        self.assertContains(response, "&lt;b&gt;.zip")
        self.assertContains(response, "It has no messages.")

    def test_what_came_beside_conversations_is_counted_by_its_name(self):
        counts = {"prompts": {"made": 3, "known": 2}, "settings": None}
        self.made(kind="import", report={"made": 1} | counts)
        response = self.client.get(self.list_url)
        self.assertContains(response, "Prompts: 3 new, 2 here already")
        self.assertNotContains(response, "Settings:")

    def test_a_report_that_lacks_everything_is_no_error(self):
        self.made(kind="import", report={})
        self.assertContains(self.client.get(self.list_url), "0 conversations")

    def test_what_failed_says_why(self):
        self.made(state="failed", error="The disk is full.")
        self.assertContains(self.client.get(self.list_url), "The disk is full.")

    def test_the_fragment_says_whether_to_ask_again(self):
        transfer = self.made(state="running", done=1, total=4)
        found = self.client.get(self.list_url, {"fragment": ""})
        self.assertTemplateNotUsed(found, "base.html")
        self.assertContains(found, "data-open")
        self.assertContains(found, 'value="25"')
        Transfer.objects.filter(pk=transfer.pk).update(state="done")
        found = self.client.get(self.list_url, {"fragment": ""})
        self.assertNotContains(found, "data-open")

    def test_without_a_script_the_page_asks_again_by_itself(self):
        self.assertNotContains(self.client.get(self.list_url), 'http-equiv="refresh"')
        self.made(state="queued")
        self.assertContains(self.client.get(self.list_url), 'http-equiv="refresh"')

    def test_nothing_of_others_is_on_it(self):
        Transfer.objects.create(owner=self.bob, kind="import", source_name="bob.zip")
        self.assertNotContains(self.client.get(self.list_url), "bob.zip")


class TransferCreateTests(TransferViewTestCase):
    def send(self, words=b"words", *, key=None, name="chats.zip", field="file"):
        key = uploads.make_key(self.alice) if key is None else key
        url = reverse("conversations:transfer_create") + f"?key={key}"
        data = {field: SimpleUploadedFile(name, words)} if words is not None else {}
        return self.client.post(url, data, follow=True)

    def test_the_file_is_kept_as_it_came_and_waits(self):
        self.send(b"\x00words" * 100_000)
        transfer = Transfer.objects.get()
        self.assertEqual((transfer.owner, transfer.state), (self.alice, "queued"))
        self.assertEqual(transfer.source_name, "chats.zip")
        stored = files.source_path(transfer)
        self.assertEqual(stored.read_bytes(), b"\x00words" * 100_000)
        self.assertEqual(stored.stat().st_mode & 0o777, 0o600)

    def test_a_name_that_leads_elsewhere_does_not(self):
        self.send(name="../../etc/cron.d/x")
        transfer = Transfer.objects.get()
        self.assertEqual(files.source_path(transfer).parent, files.folder())
        self.assertNotIn("/", transfer.source_name)

    def test_no_file_is_said(self):
        self.assertContains(self.send(None), "Choose a file first")
        self.assertFalse(Transfer.objects.exists())

    def test_an_empty_file_is_said(self):
        self.assertContains(self.send(b""), "The file is empty")

    @override_settings(TRANSFER_MAX_BYTES=1000)
    def test_a_file_too_large_leaves_nothing_behind(self):
        before = set(files.folder().iterdir())
        self.assertContains(self.send(b"x" * 1001), "no larger than allowed")
        self.assertEqual(set(files.folder().iterdir()), before)
        self.assertFalse(Transfer.objects.exists())

    def test_only_the_own_key_counts(self):
        for key in ("", "made-up", uploads.make_key(self.bob)):
            with self.subTest(key):
                self.assertContains(self.send(key=key), "open for too long")
        self.assertFalse(Transfer.objects.exists())

    def test_an_old_key_does_not_count(self):
        with mock.patch.object(uploads, "KEY_SECONDS", -1):
            self.assertContains(self.send(), "open for too long")

    def test_the_body_that_the_server_kept_is_read_from_there(self):
        """As Daphne's request hands it over: tests/server/test_uploads.py."""
        boundary = "x"
        body = (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\n'
            b"\r\n[1]\r\n--x--\r\n"
        )
        request = self.client.get(self.list_url).wsgi_request
        request.META["CONTENT_TYPE"] = f"multipart/form-data; boundary={boundary}"
        request.META["CONTENT_LENGTH"] = str(len(body))
        request.content_type = "multipart/form-data"
        request.scope = {uploads.BODY: io.BytesIO(body)}
        received = uploads.receive(request)
        self.assertEqual((received.name, received.size_bytes), ("a.json", 3))
        path = files.folder() / received.stored_as
        self.assertEqual(path.read_bytes(), b"[1]")


class ExportCreateTests(TransferViewTestCase):
    def test_it_waits_to_be_made(self):
        self.client.post(reverse("conversations:export_create"))
        transfer = Transfer.objects.get()
        self.assertEqual((transfer.kind, transfer.state), ("export", "queued"))

    def test_too_many_are_refused_in_words(self):
        for _ in range(3):
            Transfer.objects.create(owner=self.alice, kind="import")
        url = reverse("conversations:export_create")
        self.assertContains(self.client.post(url, follow=True), "Wait until")


class TransferDownloadTests(TransferViewTestCase):
    def test_its_owner_gets_it_as_a_file(self):
        (files.folder() / "made.zip").write_bytes(b"PK" * 500_000)
        response = self.client.get(
            self.url("download", self.made(result_file="made.zip"))
        )
        self.assertEqual(b"".join(response.streaming_content), b"PK" * 500_000)
        self.assertEqual(response["Content-Length"], "1000000")
        self.assertEqual(response["Content-Type"], "application/zip")
        self.assertEqual(response["X-Content-Type-Options"], "nosniff")
        self.assertIn('attachment; filename="', response["Content-Disposition"])
        self.assertIn("alice", response["Content-Disposition"])
        self.assertIn("no-store", response["Cache-Control"])

    def test_nobody_else_does(self):
        (files.folder() / "made.zip").write_bytes(b"PK")
        transfer = self.made(result_file="made.zip")
        self.client.force_login(self.bob)
        response = self.client.get(self.url("download", transfer))
        self.assertEqual(response.status_code, 404)

    def test_what_is_gone_is_not_there(self):
        for name in ("", "gone.zip"):
            response = self.client.get(
                self.url("download", self.made(result_file=name))
            )
            self.assertEqual(response.status_code, 404)


class TransferWaysTests(TransferViewTestCase):
    def test_cancel(self):
        transfer = self.made(state="queued")
        self.client.post(self.url("cancel", transfer))
        transfer.refresh_from_db()
        self.assertEqual(transfer.state, "cancelled")

    def test_delete(self):
        self.client.post(self.url("remove", self.made()))
        self.assertFalse(Transfer.objects.exists())

    def test_strangers_can_do_neither(self):
        transfer = self.made(state="queued")
        self.client.force_login(self.bob)
        for name in ("cancel", "remove"):
            response = self.client.post(self.url(name, transfer))
            self.assertEqual(response.status_code, 404)
        transfer.refresh_from_db()
        self.assertEqual(transfer.state, "queued")

    def test_the_report_has_a_page(self):
        report = {
            "made": 0,
            "skipped_count": 1,
            "skipped": [{"title": "", "why": "No."}],
        }
        transfer = self.made(kind="import", source_name="a.zip", report=report)
        response = self.client.get(transfer.get_absolute_url())
        self.assertContains(response, '<details class="transfer__skipped" open>')
