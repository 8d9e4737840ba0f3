"""The site's prompts are edited here; people's own are nobody else's to see."""

from django.urls import reverse

from conversations.models import Snippet

from .base import AdminTestCase


class SnippetAdminTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.shared = Snippet.objects.create(name="ours", text="For all")
        self.own = Snippet.objects.create(owner=self.alice, name="mine", text="My own")

    def address(self, name, *arguments):
        return reverse(f"admin:conversations_snippet_{name}", args=arguments)

    def test_one_that_is_added_is_everybodys(self):
        data = {"name": "/new", "text": "Hello {{who}}"}
        response = self.client.post(self.address("add"), data)
        self.assertRedirects(response, self.address("changelist"))
        self.assertIsNone(Snippet.objects.get(name="new").owner)

    def test_it_is_changed_and_deleted(self):
        data = {"name": "ours", "text": "Changed"}
        self.client.post(self.address("change", self.shared.pk), data)
        self.shared.refresh_from_db()
        self.assertEqual(self.shared.text, "Changed")
        self.client.post(self.address("delete", self.shared.pk), {"post": "yes"})
        self.assertFalse(Snippet.objects.filter(owner=None).exists())

    def test_a_name_is_given_once(self):
        data = {"name": "ours", "text": "Again"}
        response = self.client.post(self.address("add"), data)
        self.assertContains(response, "There is a prompt of that name.")

    def test_peoples_own_are_neither_listed_nor_opened(self):
        listed = self.client.get(self.address("changelist"))
        self.assertContains(listed, "For all")
        self.assertNotContains(listed, "My own")
        for name in ("change", "delete", "history"):
            response = self.client.get(self.address(name, self.own.pk), follow=True)
            self.assertNotContains(response, "My own")
