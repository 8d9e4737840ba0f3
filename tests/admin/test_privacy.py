"""What people wrote to each other stands on no list and no page of the admin."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from conversations.models import Conversation, Generation, LanguageModel, Message
from tests.base import add_turn, make_conversation

from .base import AdminTestCase

PRIVATE = ("Title of mine", "Question of mine", "Reply of mine", "Thought of mine")


class PrivacyTests(AdminTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        title, question, reply, thought = PRIVATE
        Conversation.objects.update(title=title)
        Message.objects.filter(role="user").update(text=question, html=question)
        Message.objects.filter(role="assistant").update(
            text=reply, html=reply, reasoning=thought, reasoning_html=thought
        )

    def pages(self):
        for model in (Conversation, Generation):
            name = f"admin:conversations_{model._meta.model_name}"
            yield reverse(f"{name}_changelist")
            yield reverse(f"{name}_csv")
            row = model.objects.first()
            yield reverse(f"{name}_change", args=[row.pk])
            yield reverse(f"{name}_history", args=[row.pk])
        yield reverse("admin:conversations_user_change", args=[self.alice.pk])
        yield reverse("admin:conversations_user_delete", args=[self.alice.pk])
        yield reverse("admin:conversations_persona_change", args=[self.persona.pk])
        yield reverse("admin:index")

    def test_no_page_shows_it(self):
        for url in self.pages():
            response = self.client.get(url)
            self.assertEqual(response.status_code, 200, url)
            for words in PRIVATE:
                with self.subTest(url=url, words=words):
                    self.assertNotContains(response, words)

    def test_search_does_not_find_it(self):
        for name in ("conversation", "generation"):
            url = reverse(f"admin:conversations_{name}_changelist")
            for words in PRIVATE:
                with self.subTest(name=name, words=words):
                    response = self.client.get(url, {"q": words})
                    self.assertEqual(response.context["cl"].result_count, 0)

    def test_no_list_is_narrowed_by_what_its_pages_do_not_show(self):
        """Whether a row is left would tell, letter by letter, what stands there."""
        kept_back = {
            "conversation": "title__startswith",
            "provider": "encrypted_api_key__startswith",
            "user": "password__startswith",
        }
        for name, lookup in kept_back.items():
            url = reverse(f"admin:conversations_{name}_changelist")
            with self.subTest(name):
                self.assertEqual(self.client.get(url, {lookup: "a"}).status_code, 400)
        url = reverse("admin:conversations_languagemodel_changelist")
        shown = {"provider__id__exact": 1, "pk__in": "1,2"}
        self.assertEqual(self.client.get(url, shown).status_code, 200)

    def test_no_list_is_narrowed_in_a_way_that_its_pages_do_not_have(self):
        """By an expression that never ends, say, or by a year that there is not."""
        url = reverse("admin:conversations_user_changelist")
        odd = {
            "username__regex": "(",
            "username__iregex": "(a+)+$",
            "username__range": "1",
            "last_login__year": "99999999999",
            "last_login__year__gte": "1",
            "groups__name__regex": "(",
        }
        for lookup, value in odd.items():
            with self.subTest(lookup):
                response = self.client.get(url, {lookup: value})
                self.assertEqual(response.status_code, 400)

    def test_lookups_by_address_do_not_find_it(self):
        url = reverse("admin:conversations_generation_changelist")
        for lookup in ("message__text__startswith", "message__conversation__title"):
            with self.subTest(lookup):
                response = self.client.get(url, {lookup: PRIVATE[2]})
                self.assertIn(response.status_code, (302, 400))

    def test_messages_have_no_page(self):
        self.assertFalse(admin.site.is_registered(Message))

    def test_conversations_and_replies_are_only_looked_at(self):
        for row in (self.conversation, self.reply.generation):
            name = f"admin:conversations_{row._meta.model_name}"
            change = reverse(f"{name}_change", args=[row.pk])
            delete = reverse(f"{name}_delete", args=[row.pk])
            for url in (change, delete, reverse(f"{name}_add")):
                with self.subTest(url):
                    self.assertEqual(self.client.post(url).status_code, 403)

    def test_deleting_a_person_says_how_much_goes_and_does_it(self):
        url = reverse("admin:conversations_user_delete", args=[self.alice.pk])
        response = self.client.get(url)
        self.assertContains(response, "Conversations: 1")
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(url, {"post": "yes"})
        self.assertFalse(Conversation.objects.exists())
        for entry in LogEntry.objects.all():
            self.assertNotIn("mine", entry.object_repr + entry.change_message)


class ListTests(AdminTestCase):
    """Lists ask the database as often for a page of rows as for one."""

    def add_rows(self):
        model = LanguageModel.objects.default()
        for number in range(12):
            conversation = make_conversation(self.alice, self.persona)
            add_turn(conversation, f"Question {number}", "Answer")
        Generation.objects.update(model=model)

    def assert_flat(self, name, queries):
        url = reverse(f"admin:conversations_{name}_changelist")
        with self.assertNumQueries(queries):
            self.client.get(url)
        self.add_rows()
        with self.assertNumQueries(queries):
            self.client.get(url)

    def test_replies(self):
        self.assert_flat("generation", 6)

    def test_conversations(self):
        self.assert_flat("conversation", 6)

    def test_conversations_count_their_messages(self):
        url = reverse("admin:conversations_conversation_changelist")
        rows = self.client.get(url).context["cl"].result_list
        self.assertEqual([row.message_total for row in rows], [2])

    def test_replies_are_found_by_number_and_request_id(self):
        Generation.objects.update(request_id="req-7")
        url = reverse("admin:conversations_generation_changelist")
        for words in ("req-7", str(self.reply.generation.pk)):
            with self.subTest(words):
                found = self.client.get(url, {"q": words}).context["cl"]
                self.assertEqual(found.result_count, 1)

    def test_replies_are_filtered_by_what_went_wrong(self):
        Generation.objects.update(state="failed", error_code="rate_limited")
        url = reverse("admin:conversations_generation_changelist")
        for query, total in (
            ({"error": "rate_limited"}, 1),
            ({"error": "stalled"}, 0),
            ({"state__exact": "failed"}, 1),
            ({"created_at__gte": "2000-01-01 00:00:00+00:00"}, 1),
            ({"persona": self.persona.pk}, 1),
            ({"model": "x"}, 1),
        ):
            with self.subTest(query):
                found = self.client.get(url, query).context["cl"]
                self.assertEqual(found.result_count, total)
