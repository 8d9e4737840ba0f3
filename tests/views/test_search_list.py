"""The page of the search, whole and as a fragment, without JavaScript too."""

from datetime import timedelta
from unittest import mock

from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from conversations.models import Message
from tests.base import ChatTestCase, make_conversation

URL = reverse("conversations:search_list")


class SearchListTests(ChatTestCase):
    def setUp(self):
        self.client.force_login(self.alice)
        self.addCleanup(cache.clear)

    def page(self, query, **named):
        return self.client.get(URL, {"q": query, **named})

    def say(self, count):
        now = timezone.now()
        for number in range(count):
            talk = make_conversation(self.alice, self.persona, title=f"Talk {number}")
            Message.objects.create(
                conversation=talk,
                role="user",
                text=f"A walrus {number}",
                created_at=now - timedelta(hours=number),
            )

    def test_a_hit_leads_to_its_message(self):
        link = (
            f'href="/c/{self.conversation.pk}/?message={self.reply.pk}'
            f'#message-{self.reply.pk}"'
        )
        self.assertContains(self.page("drink"), link)
        self.assertContains(self.page("drink"), "<mark>drink</mark>")

    def test_a_title_leads_to_its_conversation(self):
        self.assertContains(self.page("talk"), "A <mark>talk</mark>")

    def test_the_question_stays_in_its_box(self):
        self.assertContains(self.page('"a <b>'), 'value="&quot;a &lt;b&gt;"')

    def test_without_a_question_it_says_what_can_be_asked(self):
        self.assertContains(self.client.get(URL), "is:archived")

    def test_nothing_found_is_said_and_the_nearest_is_offered(self):
        page = self.page("drnik")
        self.assertContains(page, "Nothing found for “drnik”.")
        self.assertContains(page, 'href="/search/?q=drink"')

    def test_a_persona_has_its_name_in_the_readers_language_and_every_other(self):
        self.persona.translations = {"id": {"name": "Pembantu"}}
        self.persona.save()
        for name in ("pembantu", "Helper"):
            headers = {"accept-language": "id"}
            asked = {"q": f"drink persona:{name}"}
            page = self.client.get(URL, asked, headers=headers)
            self.assertContains(page, '<span class="found__who">Pembantu</span>')
            self.assertContains(page, '<span dir="auto">Pembantu</span>')
        self.assertContains(self.page("drink"), '<span class="found__who">Helper<')

    def test_what_is_not_understood_is_said(self):
        page = self.page("drink before:soon")
        self.assertContains(page, "“before:soon” has no date")
        self.assertContains(page, "<mark>drink</mark>")

    def test_who_types_gets_only_what_was_found(self):
        page = self.page("drink", fragment="1")
        self.assertContains(page, "<mark>drink</mark>")
        self.assertNotContains(page, "<html")
        self.assertNotContains(page, "search-field")

    def test_the_next_page_goes_on_where_this_one_ends(self):
        self.say(25)
        first = self.page("walrus")
        self.assertContains(first, "walrus</mark> 19")
        self.assertNotContains(first, "walrus</mark> 20")
        before = first.context["page"].next_before
        self.assertContains(first, f"before={before}")
        second = self.page("walrus", before=before)
        self.assertContains(second, "walrus</mark> 20")
        self.assertContains(second, "walrus</mark> 24")
        self.assertNotContains(second, 'rel="next"')

    def test_a_made_up_place_is_the_beginning(self):
        for before in ("x", "²", "9" * 19, "9" * 40, "--1", ""):
            with self.subTest(before):
                page = self.page("drink", before=before)
                self.assertContains(page, "<mark>drink</mark>")

    def test_hostile_text_is_only_text(self):
        make_conversation(
            self.alice, self.persona, title="<img src=x onerror=alert(1)> walrus"
        )
        page = self.page("walrus <script>")
        self.assertNotContains(page, "<script>")
        self.assertNotContains(self.page("walrus"), "<img src=x")

    def test_strange_questions_do_no_harm(self):
        for query in ("\x00", "'\"`;--", "a" * 5000, "*", "NEAR(a b)", "🙂"):
            with self.subTest(query):
                self.assertEqual(self.page(query, fragment="1").status_code, 200)
        broken = self.client.get(f"{URL}?q=%ED%A0%80%FF")
        self.assertEqual(broken.status_code, 200)

    def test_others_find_nothing_of_it(self):
        self.client.force_login(self.bob)
        page = self.page("drink")
        self.assertNotContains(page, self.conversation.pk)
        self.assertNotContains(page, "<mark>")

    @override_settings(LIMIT_SEARCHES_PER_MINUTE=3)
    def test_too_many_a_minute_are_refused_to_that_person_only(self):
        now = mock.patch("conversations.limits.time.time", return_value=7200)
        with now:
            statuses = [self.page("drink").status_code for _ in range(5)]
            self.client.get(URL)  # nothing is searched for
            refused = self.page("drink", fragment="1")
            self.client.force_login(self.carol)
            self.assertEqual(self.page("drink").status_code, 200)
        self.assertEqual(statuses, [200, 200, 200, 429, 429])
        self.assertContains(refused, "Try again in 60 seconds.", status_code=429)
        self.assertNotContains(refused, "<mark>", status_code=429)

    def test_it_is_not_kept_by_anybody(self):
        self.assertIn("no-store", self.page("drink")["Cache-Control"])
