"""Prompts: one's own to make, change and delete, and the site's to use."""

from django.contrib.auth.models import Permission
from django.urls import reverse

from conversations.actions import snippets as actions
from conversations.models import Snippet, User
from tests.base import ChatTestCase

NEW = {"name": "mail", "text": "Write a mail to {{who}}."}


class SnippetTestCase(ChatTestCase):
    def setUp(self):
        self.own = Snippet.objects.create(owner=self.alice, name="mine", text="My own")
        self.shared = Snippet.objects.create(name="ours", text="For all")
        self.client.force_login(self.alice)

    def address(self, name, *arguments):
        return reverse(f"conversations:snippet_{name}", args=arguments)


class SnippetListTests(SnippetTestCase):
    def test_ones_own_and_the_sites_stand_on_it(self):
        response = self.client.get(self.address("list"))
        self.assertContains(response, "My own")
        self.assertContains(response, "For all")

    def test_others_see_the_sites_only(self):
        self.client.force_login(self.bob)
        for data in ({}, {"fragment": "1", "q": ""}, {"fragment": "1", "q": "mine"}):
            self.assertNotContains(
                self.client.get(self.address("list"), data), "My own"
            )
        self.assertContains(self.client.get(self.address("list")), "For all")

    def test_the_options_are_those_that_are_named(self):
        response = self.client.get(self.address("list"), {"fragment": "1", "q": "min"})
        self.assertContains(response, 'data-text="My own"')
        self.assertNotContains(response, "For all")

    def test_what_is_in_them_is_text(self):
        Snippet.objects.create(owner=self.alice, name="<b>", text='"><script>')
        for data in ({}, {"fragment": "1"}):
            response = self.client.get(self.address("list"), data)
            self.assertNotContains(response, "<script>")
            self.assertNotContains(response, "<b>")


class SnippetSaveTests(SnippetTestCase):
    def test_a_new_one_is_the_persons_own(self):
        response = self.client.post(self.address("create"), NEW)
        self.assertRedirects(response, self.address("list"))
        made = Snippet.objects.get(name="mail")
        self.assertEqual((made.owner, made.text), (self.alice, NEW["text"]))

    def test_nobody_makes_one_for_another_or_for_the_site(self):
        self.client.post(self.address("create"), NEW | {"owner": self.bob.pk})
        self.assertEqual(Snippet.objects.get(name="mail").owner, self.alice)

    def test_the_slash_and_further_spaces_are_not_part_of_the_name(self):
        self.client.post(self.address("create"), NEW | {"name": "/ to  a friend"})
        self.assertTrue(Snippet.objects.filter(name="to a friend").exists())

    def test_it_is_changed(self):
        response = self.client.post(self.address("edit", self.own.pk), NEW)
        self.assertRedirects(response, self.address("list"))
        self.own.refresh_from_db()
        self.assertEqual((self.own.name, self.own.text), (NEW["name"], NEW["text"]))

    def test_lines_are_kept(self):
        self.client.post(self.address("create"), NEW | {"text": "one\r\n\r\n  two"})
        self.assertEqual(Snippet.objects.get(name="mail").text, "one\n\n  two")

    def test_what_is_wrong_is_said_and_nothing_saved(self):
        wrong = [
            {},
            {"name": "", "text": "x"},
            {"name": "/", "text": "x"},
            {"name": "x" * 41, "text": "x"},
            {"name": "x", "text": ""},
            {"name": "x", "text": "x" * 20_001},
            {"name": "mine", "text": "twice"},
        ]
        for data in wrong:
            with self.subTest(str(data)[:60]):
                response = self.client.post(self.address("create"), data)
                self.assertEqual(response.status_code, 422)
                self.assertContains(response, "errorlist", status_code=422)
        self.assertEqual(Snippet.objects.count(), 2)

    def test_two_people_may_use_one_name(self):
        self.client.force_login(self.bob)
        self.client.post(self.address("create"), {"name": "mine", "text": "Bob's"})
        self.assertEqual(Snippet.objects.filter(name="mine").count(), 2)

    def test_there_is_an_end_to_how_many(self):
        actions.MOST_SNIPPETS, most = 1, actions.MOST_SNIPPETS
        self.addCleanup(setattr, actions, "MOST_SNIPPETS", most)
        response = self.client.post(self.address("create"), NEW)
        self.assertContains(response, "no more fit", status_code=422)


class SnippetAccessTests(SnippetTestCase):
    def test_a_stranger_neither_sees_changes_nor_deletes_it(self):
        self.client.force_login(self.bob)
        for name in ("edit", "remove"):
            url = self.address(name, self.own.pk)
            self.assertEqual(self.client.post(url, NEW).status_code, 404)
        self.assertEqual(
            self.client.get(self.address("edit", self.own.pk)).status_code, 404
        )
        self.own.refresh_from_db()
        self.assertEqual(self.own.text, "My own")

    def test_the_sites_are_not_changed_here_by_anybody(self):
        self.alice.is_staff = self.alice.is_superuser = True
        self.alice.save()
        for name in ("edit", "remove"):
            url = self.address(name, self.shared.pk)
            self.assertEqual(self.client.post(url, NEW).status_code, 404)

    def test_who_may_change_them_in_the_admin_is_led_there_and_nobody_else(self):
        right = Permission.objects.get(codename="change_snippet")
        url = reverse("admin:conversations_snippet_change", args=[self.shared.pk])
        for is_staff, rights in ((0, []), (1, []), (0, [right]), (1, [right])):
            User.objects.filter(pk=self.alice.pk).update(is_staff=is_staff)
            self.alice.user_permissions.set(rights)
            page = self.client.get(self.address("list")).content.decode()
            with self.subTest(is_staff=is_staff, rights=rights):
                self.assertEqual(url in page, bool(is_staff and rights))

    def test_the_owner_deletes_it(self):
        url = self.address("remove", self.own.pk)
        self.assertEqual(self.client.get(url).status_code, 405)
        self.assertRedirects(self.client.post(url), self.address("list"))
        self.assertEqual(list(Snippet.objects.all()), [self.shared])
