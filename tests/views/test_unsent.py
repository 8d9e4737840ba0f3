"""What is typed and not sent follows its person, and nobody else."""

import uuid

from django.urls import reverse
from django.utils import timezone

from conversations.models import UnsentText
from conversations.models.unsent import NEW_CHAT
from tests.base import ChatTestCase


class UnsentTests(ChatTestCase):
    url = reverse("conversations:unsent_save")

    def setUp(self):
        self.client.force_login(self.alice)

    def save(self, text, conversation=None, version=None):
        """Save it as a browser does that knows what is there, unless told otherwise."""
        conversation = conversation or self.conversation.pk
        if version is None:
            found = UnsentText.objects.filter(conversation_id=conversation).first()
            version = found.version if found else ""
        data = {"conversation": conversation, "text": text, "version": version}
        return self.client.post(self.url, data)

    def read(self, conversation=None):
        conversation = conversation or self.conversation.pk
        return self.client.get(
            reverse("conversations:unsent_detail", args=[conversation])
        )

    def texts(self):
        return list(UnsentText.objects.values_list("user__username", "text"))

    def test_it_is_kept_and_read_again(self):
        for text in ("Half a", "  Half a thought\n\n"):
            version = self.save(text).json()["version"]
            self.assertEqual(self.read().json(), {"text": text, "version": version})
        self.assertEqual(UnsentText.objects.count(), 1)

    def test_a_new_chat_has_a_box_too(self):
        self.save("Dear persona", NEW_CHAT)
        self.assertEqual(self.read(NEW_CHAT).json()["text"], "Dear persona")
        self.assertEqual(self.read().json(), {"text": "", "version": ""})

    def test_each_has_a_box_of_their_own(self):
        """Of a new chat, and of a conversation that both take part in."""
        now = timezone.now()
        self.conversation.participants.create(user=self.bob, joined_at=now)
        boxes = (NEW_CHAT, self.conversation.pk)
        for box in boxes:
            self.save("Of alice", box)
        self.client.force_login(self.bob)
        for box in boxes:
            with self.subTest(box):
                self.assertEqual(self.read(box).json()["text"], "")
        for page in ("/", self.conversation.get_absolute_url()):
            self.assertNotContains(self.client.get(page), "Of alice")

    def test_an_empty_box_is_forgotten(self):
        self.save("Half")
        for text in (" \n", ""):
            self.assertEqual(self.save(text).json(), {"version": ""})
        self.assertEqual(self.texts(), [])

    def test_the_page_is_served_with_it(self):
        self.save("Half <a> thought")
        page = self.client.get(self.conversation.get_absolute_url())
        self.assertContains(page, 'data-unsent-text="Half &lt;a&gt; thought"')
        version = self.read().json()["version"]
        self.assertContains(page, f'data-unsent-version="{version}"')
        self.assertNotContains(self.client.get("/"), "data-unsent-text")
        self.save("A new one", NEW_CHAT)
        self.assertContains(self.client.get("/"), 'data-unsent-text="A new one"')

    def test_what_was_written_in_the_meantime_is_not_written_over(self):
        begun = self.save("Begun").json()["version"]
        phone = self.save("On the phone").json()["version"]
        there = {"text": "On the phone", "version": phone}
        for text, version in (("At the desk", begun), ("x", ""), ("", begun)):
            with self.subTest(text):
                response = self.save(text, version=version)
                self.assertEqual((response.status_code, response.json()), (409, there))
        self.assertEqual(self.texts(), [("alice", "On the phone")])

    def test_what_goes_on_from_it_loses_nothing(self):
        begun = self.save("Begun").json()["version"]
        self.save("On the phone")
        self.assertEqual(self.save("On the phone", version=begun).status_code, 200)
        response = self.save("On the phone, at the desk", version=begun)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.texts(), [("alice", "On the phone, at the desk")])

    def test_a_stranger_neither_reads_nor_writes_it(self):
        self.save("Half a thought")
        self.client.force_login(self.bob)
        self.assertEqual(self.read().status_code, 404)
        self.assertEqual(self.save("Mine").status_code, 404)
        self.assertEqual(self.save("", uuid.uuid4()).status_code, 404)
        self.assertEqual(self.read(NEW_CHAT).json()["text"], "")
        self.assertEqual(self.texts(), [("alice", "Half a thought")])

    def test_nothing_is_kept_for_what_is_in_the_bin(self):
        self.conversation.deleted_at = timezone.now()
        self.conversation.save()
        self.assertEqual(self.save("Half").status_code, 404)
        self.assertEqual(self.read().status_code, 404)

    def test_what_is_wrong_is_refused(self):
        for data in ({}, {"conversation": "x"}, {"text": "x"}):
            self.assertEqual(self.client.post(self.url, data).status_code, 422)
        self.assertEqual(self.client.get(self.url).status_code, 405)
        self.assertEqual(self.texts(), [])

    def test_what_is_too_long_leaves_what_is_kept(self):
        self.save("Half a thought")
        with self.settings(CHAT_MAX_MESSAGE_CHARACTERS=20):
            self.assertEqual(self.save("x" * 20).status_code, 200)
            self.assertEqual(self.save("x" * 21).status_code, 422)
        self.assertEqual(self.texts(), [("alice", "x" * 20)])
