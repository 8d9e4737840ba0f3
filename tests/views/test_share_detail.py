"""What a link leads to: for its author, for chosen people, for others, for nobody."""

import re
from unittest import mock

from django.core.files.base import ContentFile
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from conversations.actions.shares import revoke_share
from conversations.models import Conversation, Message, Persona, Share
from conversations.views import snapshots
from tests.base import add_turn

from .sharing import SharedTestCase

NUMBERS = re.compile(r"\d+")
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
DISCREET = ("no-store", "noindex, nofollow, noarchive")


class ShareDetailTests(SharedTestCase):
    def test_is_read_without_an_account(self):
        response = self.see(self.share())
        self.assertContains(response, '<h1 dir="auto">A talk</h1>', html=True)
        self.assertContains(response, "What is water?")
        self.assertContains(response, "A <strong>drink</strong>.")
        self.assertContains(response, "Helper")

    def test_names_a_persona_in_the_language_of_the_reader(self):
        share = self.share()
        Persona.objects.update(name="Later", translations={"ko": {"name": "도우미"}})
        self.assertContains(self.see(share), "Helper")
        korean = self.client.get(share.get_absolute_url(), HTTP_ACCEPT_LANGUAGE="ko")
        self.assertContains(korean, "도우미", count=2)
        self.assertNotContains(korean, "Helper")

    def test_runs_no_script(self):
        response = self.see(self.share())
        self.assertNotContains(response, "<script")
        policy = response["Content-Security-Policy"]
        self.assertIn("script-src 'none'", policy)
        self.assertIn("default-src 'none'", policy)

    def test_is_kept_out_of_caches_search_engines_and_other_logs(self):
        response = self.see(self.share())
        self.assertEqual(discretion(response), DISCREET)
        self.assertEqual(response["Referrer-Policy"], "no-referrer")
        self.assertContains(response, '<meta name="robots" content="noindex')
        self.assertNotContains(response, "og:")
        self.assertFalse(response.cookies)

    def test_holds_no_id_of_anything(self):
        many = Message.objects.bulk_create(
            Message(conversation=self.conversation, role="user") for _ in range(2000)
        )
        asked, reply = add_turn(
            self.conversation, "And ice?", "Cold.[^1]\n\n[^1]: Ice."
        )
        self.assertGreater(asked.pk, many[-1].pk)
        share = self.share()
        for person in (None, self.alice, self.carol):
            page = self.see(share, person).content.decode()
            self.assertNotIn(str(self.conversation.pk), page)
            self.assertNotIn(str(asked.client_id), page)
            self.assertNotIn("data-user", page)
            body = page[page.index("<body>") :].replace(share.token, "")
            self.assertFalse(
                {str(asked.pk), str(reply.pk)} & set(NUMBERS.findall(body))
            )
            ids = re.findall(r'<article id="([^"]*)"', page)
            self.assertEqual(ids, [f"message-{number}" for number in range(1, 5)])

    def test_says_who_shared_it_only_if_they_wish(self):
        self.assertNotContains(self.see(self.share()), "alice")
        self.assertContains(self.see(self.share(shows_author=True)), "shared by alice")

    def test_of_several_people_it_shows_who_said_what(self):
        Conversation.objects.update(has_people=True)
        self.conversation.refresh_from_db()
        asked, _reply = add_turn(self.conversation, "And ice?", "Cold.")
        Message.objects.filter(pk=asked.pk).update(author=self.carol)
        nameless = self.see(self.share())
        self.assertContains(nameless, "Person 2")
        self.assertNotContains(nameless, "carol")
        named = self.see(self.share(shows_author=True))
        for name in ("alice", "carol"):
            self.assertContains(named, f'<h2 class="message__name" dir="auto">{name}')

    def test_says_how_a_reply_ended(self):
        for state, said in (
            ("queued", "was still being written"),
            ("stopped", "Stopped"),
            ("interrupted", "was not finished"),
        ):
            generation = self.reply.generation
            type(generation).objects.filter(pk=generation.pk).update(state=state)
            with self.subTest(state):
                self.assertContains(self.see(self.share()), said)

    def test_looks_as_its_reader_likes_it(self):
        self.bob.theme = "dark"
        self.bob.save()
        self.assertContains(self.see(self.share(), self.bob), 'data-theme="dark"')

    @mock.patch.object(snapshots, "MESSAGES_PER_PAGE", 2)
    def test_a_long_one_comes_in_pages(self):
        for number in range(2, 4):
            add_turn(self.conversation, f"Question {number}", f"Answer {number}")
        share = self.share()
        first = self.see(share)
        self.assertContains(first, "What is water?")
        self.assertContains(first, 'href="?from=3"')
        self.assertNotContains(first, "Question 2")
        second = self.client.get(f"{share.get_absolute_url()}?from=3")
        self.assertContains(second, '<article id="message-3"')
        self.assertContains(second, 'href="?from=1"')
        self.assertContains(second, 'href="?from=5"')
        last = self.client.get(f"{share.get_absolute_url()}?from=5")
        self.assertContains(last, "Answer 3")
        self.assertNotContains(last, "?from=7")
        for wrong in ("0", "-1", "x", "9" * 30, "²", "999999"):
            response = self.client.get(f"{share.get_absolute_url()}?from={wrong}")
            self.assertEqual(response.status_code, 200, wrong)

    def test_costs_few_queries(self):
        share = self.share()
        with self.assertNumQueries(2):  # the link with its author, the personas
            self.client.get(share.get_absolute_url())


class WhoMayReadTests(SharedTestCase):
    def assert_read_by(self, share, *people):
        for person in (self.alice, self.bob, self.carol, None):
            with self.subTest(person=person):
                expected = 200 if person in people else 404
                self.assertEqual(self.see(share, person).status_code, expected)

    def test_each_audience_lets_its_people_in(self):
        everybody = (self.alice, self.bob, self.carol)
        self.assert_read_by(self.share("anyone"), *everybody, None)
        self.assert_read_by(self.share("signed_in"), *everybody)
        chosen = self.share("chosen", reader_names=["bob"])
        self.assert_read_by(chosen, self.alice, self.bob)

    def test_staff_are_let_in_like_anybody_else(self):
        share = self.share("chosen", reader_names=["bob"])
        self.carol.is_staff = self.carol.is_superuser = True
        self.carol.save()
        self.assertEqual(self.see(share, self.carol).status_code, 404)

    def test_a_link_taken_back_is_gone_at_once(self):
        share = self.share()
        self.assertEqual(self.see(share).status_code, 200)
        revoke_share(share=Share.objects.get(pk=share.pk))
        for person in (self.alice, self.bob, None):
            self.assertEqual(self.see(share, person).status_code, 404)

    def test_it_rests_in_the_bin_and_wakes_again(self):
        share = self.share()
        Conversation.objects.update(deleted_at=timezone.now())
        self.assertEqual(self.see(share).status_code, 404)
        Conversation.objects.update(deleted_at=None)
        self.assertEqual(self.see(share).status_code, 200)

    def test_it_ends_with_the_account(self):
        share = self.share()
        self.alice.is_active = False
        self.alice.save()
        self.assertEqual(self.see(share, self.bob).status_code, 404)

    @override_settings(SHARING="signed_in")
    def test_the_site_lets_in_nobody_it_does_not_know(self):
        with override_settings(SHARING="anyone"):
            share = self.share()
        self.assert_read_by(share, self.alice, self.bob, self.carol)


class NothingHereTests(SharedTestCase):
    """A link that is wrong, taken back or for others: one and the same page."""

    def missing(self, person):
        gone, others = self.share(), self.share("chosen", reader_names=["carol"])
        asleep = self.share()
        revoke_share(share=Share.objects.get(pk=gone.pk))
        tokens = ["A" * 32, gone.token, others.token, asleep.token]
        if person:
            self.client.force_login(person)
        for token in tokens:
            away = timezone.now() if token == asleep.token else None
            Conversation.objects.update(deleted_at=away)
            url = reverse("conversations:share_detail", args=[token])
            yield self.client.get(url), token
        Conversation.objects.update(deleted_at=None)

    def test_all_look_alike(self):
        for person in (None, self.bob):
            pages = set()
            for response, token in self.missing(person):
                self.assertEqual(response.status_code, 404)
                self.assertEqual(discretion(response), DISCREET)
                page = response.content.decode().replace(token, "…")
                pages.add(CSRF.sub("", page))
            self.assertEqual(len(pages), 1)

    def test_the_page_leads_to_signing_in_and_back(self):
        url = reverse("conversations:share_detail", args=["A" * 32])
        response = self.client.get(url)
        self.assertContains(response, f"/accounts/login/?next={url}", status_code=404)

    def test_whatever_stands_in_the_address(self):
        self.client.force_login(self.bob)
        for token in ("x", "A" * 3000, "%00", "%ED%A0%80", "..", "1%27--"):
            for rest in ("", "continue/", "personas/helper/"):
                with self.subTest(token=token, rest=rest):
                    response = self.client.get(f"/s/{token}/{rest}")
                    self.assertEqual(response.status_code, 404)

    def test_writing_is_not_understood(self):
        self.assertEqual(
            self.client.post(self.share().get_absolute_url()).status_code, 405
        )


class ShareAvatarTests(SharedTestCase):
    def url(self, share, slug="helper"):
        return reverse("conversations:share_avatar", args=[share.token, slug])

    def setUp(self):
        self.image = self.persona.avatar_image
        self.image.name = "avatars/none.webp"
        Persona.objects.filter(pk=self.persona.pk).update(avatar_image=self.image.name)

    def test_the_page_asks_for_it_under_the_link(self):
        share = self.share()
        self.assertContains(self.see(share), self.url(share))

    def test_only_with_the_link_and_only_of_who_speaks_there(self):
        Persona.objects.create(slug="other", name="Other", avatar_image="a.webp")
        share = self.share("chosen", reader_names=["bob"])
        self.assertEqual(self.client.get(self.url(share)).status_code, 404)
        self.client.force_login(self.bob)
        self.assertEqual(self.client.get(self.url(share, "other")).status_code, 404)

    def test_it_is_an_image_and_nothing_else(self):
        name = self.image.storage.save("avatars/made.webp", ContentFile(b"RIFF"))
        self.addCleanup(self.image.storage.delete, name)
        Persona.objects.filter(pk=self.persona.pk).update(avatar_image=name)
        response = self.client.get(self.url(self.share()))
        self.assertEqual(response.getvalue(), b"RIFF")
        self.assertEqual(response["Content-Type"], "image/webp")
        self.assertEqual(response["X-Content-Type-Options"], "nosniff")
        self.assertIn("sandbox", response["Content-Security-Policy"])
        self.assertEqual(discretion(response), DISCREET)


def discretion(response):
    return response["Cache-Control"], response["X-Robots-Tag"]
