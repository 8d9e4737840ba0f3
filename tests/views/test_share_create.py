from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conversations.models import Conversation, Share
from tests.base import ChatTestCase, add_turn


class ShareCreateTests(ChatTestCase):
    def setUp(self):
        self.client.force_login(self.alice)
        self.url = reverse("conversations:share_create", args=[self.conversation.pk])

    def share(self, **data):
        return self.client.post(self.url, {"audience": "anyone"} | data)

    def test_tells_what_becomes_visible_before_it_does(self):
        response = self.client.get(self.url)
        self.assertContains(response, "shows the conversation as it is now")
        self.assertFalse(Share.objects.exists())

    def test_makes_a_link_and_shows_it(self):
        response = self.client.post(self.url, {"audience": "anyone"}, follow=True)
        share = Share.objects.get()
        self.assertRedirects(response, self.url)
        self.assertContains(response, share.link)
        self.assertEqual((share.author, share.shows_author), (self.alice, False))

    def test_the_link_is_whole(self):
        with override_settings(SITE_URL="https://chat.example.org"):
            self.share()
            link = Share.objects.get().link
        self.assertTrue(link.startswith("https://chat.example.org/s/"), link)

    def test_people_are_chosen_by_name(self):
        names = " bob，carol ,"
        self.share(audience="chosen", readers=names, shows_author="on")
        share = Share.objects.get()
        self.assertEqual(set(share.readers.all()), {self.bob, self.carol})
        self.assertTrue(share.shows_author)
        page = self.client.get(self.url, headers={"Accept-Language": "zh-hant"})
        self.assertContains(page, "指定的人：bob, carol")

    def test_a_wrong_name_is_told_and_nothing_is_lost(self):
        data = {"audience": "chosen", "readers": "bob, dave", "shows_author": "on"}
        response = self.share(**data)
        self.assertContains(response, "Nobody here is called “dave”", status_code=422)
        self.assertContains(response, 'value="bob, dave"', status_code=422)
        self.assertContains(response, 'aria-invalid="true" autofocus', status_code=422)
        form = response.context["form"]
        self.assertEqual(form["audience"].value(), "chosen")
        self.assertTrue(form["shows_author"].value())
        self.assertFalse(Share.objects.exists())

    def test_wrong_input_is_refused(self):
        for data in (
            {"audience": ""},
            {"audience": "everybody"},
            {"head": "x"},
            {"head": str(2**63)},
            {"head": "999999"},
            {"readers": "\x00", "audience": "chosen"},
        ):
            with self.subTest(data):
                self.assertEqual(self.share(**data).status_code, 422)
        self.assertFalse(Share.objects.exists())

    def test_nobody_is_let_in_by_default_whom_the_site_does_not_know(self):
        form = self.client.get(self.url).context["form"]
        self.assertEqual(form["audience"].value(), "signed_in")

    @override_settings(SHARING="signed_in")
    def test_the_site_may_offer_less(self):
        self.assertNotContains(self.client.get(self.url), 'value="anyone"')
        self.assertEqual(self.share().status_code, 422)

    @override_settings(SHARING="off")
    def test_the_site_may_offer_nothing(self):
        self.assertEqual(self.client.get(self.url).status_code, 404)
        self.assertEqual(self.share().status_code, 404)

    def test_the_dialog_gets_its_part_alone(self):
        part = self.client.get(self.url, {"fragment": "1"})
        self.assertNotContains(part, "<html")
        made = self.share(fragment="1")
        self.assertContains(made, Share.objects.get().link)
        self.assertNotContains(made, "<html")

    def test_the_branch_one_sees_is_shared(self):
        add_turn(self.conversation, "And ice?", "Cold.")
        shown = self.client.get(self.url, {"head": self.reply.pk})
        self.assertContains(shown, f'name="head" value="{self.reply.pk}"')
        self.share(head=self.reply.pk)
        self.assertEqual(len(Share.objects.get().content), 2)

    def test_links_to_other_conversations_are_not_shown(self):
        self.share()
        other = Conversation.objects.create(
            owner=self.alice,
            persona=self.persona,
            title="Another",
            updated_at=timezone.now(),
        )
        url = reverse("conversations:share_create", args=[other.pk])
        self.assertNotContains(self.client.get(url), Share.objects.get().token)

    def test_stranger_gets_404(self):
        self.client.force_login(self.carol)
        self.assertEqual(self.client.get(self.url).status_code, 404)
        self.assertEqual(self.share().status_code, 404)
        self.assertFalse(Share.objects.exists())

    def test_not_from_the_bin(self):
        Conversation.objects.update(deleted_at=timezone.now())
        self.assertEqual(self.share().status_code, 404)


class ShareListTests(ChatTestCase):
    def setUp(self):
        self.client.force_login(self.alice)
        self.url = reverse("conversations:share_list")
        self.share = Share.objects.create(
            conversation=self.conversation,
            author=self.alice,
            title="What I shared",
            content=[],
        )
        self.renew = reverse("conversations:share_renew", args=[self.share.pk])
        self.revoke = reverse("conversations:share_revoke", args=[self.share.pk])

    def test_lists_what_one_has_shared(self):
        response = self.client.get(self.url)
        self.assertContains(response, "What I shared")
        self.assertContains(response, self.share.link)
        self.assertContains(response, "Anyone with the link")

    def test_nothing_of_others(self):
        self.client.force_login(self.bob)
        self.assertNotContains(self.client.get(self.url), "What I shared")

    def test_says_which_rest_in_the_bin(self):
        Conversation.objects.update(deleted_at=timezone.now())
        response = self.client.get(self.url)
        self.assertContains(response, "is in the bin")
        self.assertNotContains(response, self.share.token)
        self.assertNotContains(response, self.conversation.get_absolute_url())

    def test_many_links_cost_no_more_queries(self):
        with CaptureQueriesContext(connection) as few:
            self.client.get(self.url)
        for _ in range(5):
            Share.objects.create(
                conversation=self.conversation, author=self.alice, content=[]
            )
        with self.assertNumQueries(len(few)):
            self.client.get(self.url)

    def test_renews_and_returns(self):
        response = self.client.post(self.renew, {"list": "yes"})
        self.assertRedirects(response, self.url)
        self.share.refresh_from_db()
        self.assertEqual(len(self.share.content), 2)
        self.assertEqual(self.share.title, "A talk")

    def test_takes_back_and_returns(self):
        where = reverse("conversations:share_create", args=[self.conversation.pk])
        self.assertRedirects(self.client.post(self.revoke), where)
        self.assertFalse(Share.objects.exists())

    def test_what_is_in_the_bin_is_not_renewed_but_taken_back(self):
        Conversation.objects.update(deleted_at=timezone.now())
        self.assertEqual(self.client.post(self.renew).status_code, 404)
        self.assertRedirects(self.client.post(self.revoke), self.url)
        self.assertFalse(Share.objects.exists())

    @override_settings(SHARING="off")
    def test_links_can_be_taken_back_where_there_are_to_be_none(self):
        self.assertContains(self.client.get(self.url), "What I shared")
        self.assertRedirects(self.client.post(self.revoke), self.url)

    def test_others_change_nothing(self):
        self.share.readers.add(self.bob)
        for person in (self.bob, self.carol):
            self.client.force_login(person)
            for url in (self.renew, self.revoke):
                self.assertEqual(self.client.post(url).status_code, 404)
        self.assertTrue(Share.objects.exists())
