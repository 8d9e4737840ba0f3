"""Nobody goes on before they have accepted the newest terms; anybody may leave."""

import uuid
from datetime import timedelta

from django.db.models import ProtectedError
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from conversations.models import Message, Terms, TermsAcceptance, Transfer, User
from tests.base import PASSWORD, ChatTestCase

PAGE = reverse("conversations:terms_detail")
ACCEPT = reverse("conversations:terms_accept")


def put_in_force(version="1", text="Be *kind*.", hours=-1, **fields):
    terms = Terms(
        version=version,
        text=text,
        in_force_since=timezone.now() + timedelta(hours=hours),
        **fields,
    )
    terms.save()
    return terms


class TermsTests(ChatTestCase):
    def setUp(self):
        self.terms = put_in_force()
        self.client.force_login(self.alice)
        self.address = f"/c/{self.conversation.pk}/"

    def accept(self, terms=None, **fields):
        data = {"terms": (terms or self.terms).pk} | fields
        return self.client.post(ACCEPT, data)

    def test_a_page_leads_to_the_terms_and_back(self):
        response = self.client.get(f"{self.address}?message=1")
        self.assertRedirects(
            response, f"{PAGE}?next=%2Fc%2F{self.conversation.pk}%2F%3Fmessage%3D1"
        )
        page = self.client.get(response.url)
        self.assertContains(page, "Be <em>kind</em>.")
        self.assertContains(page, f'value="{self.address}?message=1"')
        self.assertRedirects(self.accept(next=self.address), self.address)
        self.assertEqual(self.client.get(self.address).status_code, 200)

    def test_acceptance_is_recorded_once_with_its_time(self):
        before = timezone.now()
        self.accept()
        self.accept()
        accepted = TermsAcceptance.objects.get()
        self.assertEqual((accepted.user, accepted.terms), (self.alice, self.terms))
        self.assertGreaterEqual(accepted.accepted_at, before)
        self.assertContains(self.client.get(PAGE), "you accepted them on")

    def test_no_verb_does_anything_before(self):
        count = Message.objects.count()
        send = reverse("conversations:message_send", args=[self.conversation.pk])
        data = {"text": "Hi", "client_id": uuid.uuid4(), "parent": self.reply.pk}
        response = self.client.post(send, data)
        self.assertEqual(response.status_code, 403)
        self.assertContains(response, "Be <em>kind</em>.", status_code=403)
        self.assertEqual(Message.objects.count(), count)
        frames = reverse(
            "conversations:conversation_frames", args=[self.conversation.pk]
        )
        response = self.client.post(
            frames, {"type": "sync", "seq": {}}, content_type="application/json"
        )
        self.assertEqual(response.status_code, 403)
        self.assertEqual(response["X-Terms-Owed"], "yes")
        fetched = self.client.get("/palette/", headers={"sec-fetch-mode": "cors"})
        self.assertEqual(fetched.status_code, 403)
        importing = reverse("conversations:transfer_create")
        self.assertEqual(self.client.post(importing).status_code, 403)

    def test_staff_accept_them_too(self):
        self.alice.is_staff = self.alice.is_superuser = True
        self.alice.save()
        response = self.client.get("/admin/")
        self.assertRedirects(response, f"{PAGE}?next=%2Fadmin%2F")

    def test_anybody_may_leave_with_what_is_theirs(self):
        listed = self.client.get(reverse("conversations:transfer_list"))
        self.assertEqual(listed.status_code, 200)
        self.client.post(reverse("conversations:export_create"))
        self.assertEqual(Transfer.objects.filter(owner=self.alice).count(), 1)
        export = reverse(
            "conversations:conversation_export", args=[self.conversation.pk, "json"]
        )
        self.assertEqual(self.client.get(export).status_code, 200)
        remove = reverse("conversations:account_remove")
        self.assertEqual(self.client.get(remove).status_code, 200)
        self.client.post(remove, {"password": PASSWORD})
        self.assertFalse(User.objects.filter(username="alice").exists())
        self.client.force_login(self.bob)
        self.client.post(reverse("account_logout"))
        self.assertNotIn("_auth_user_id", self.client.session)

    def test_newer_ones_are_asked_for_again(self):
        self.accept()
        newer = put_in_force("2", "Be kinder.", hours=-0.5)
        self.assertEqual(self.client.get(self.address).status_code, 302)
        self.assertEqual(self.accept(self.terms).status_code, 409)
        self.assertEqual(self.client.get(self.address).status_code, 302)
        self.accept(newer)
        self.assertEqual(self.client.get(self.address).status_code, 200)

    def test_what_is_not_in_force_yet_asks_nothing(self):
        self.accept()
        put_in_force("2", "Later.", hours=1)
        self.assertEqual(self.client.get(self.address).status_code, 200)
        self.assertNotContains(self.client.get(PAGE), "Later.")

    def test_it_is_not_left_to_a_form_where_one_goes_on(self):
        response = self.accept(next="https://elsewhere.example/")
        self.assertRedirects(response, "/")
        page = self.client.get(f"{PAGE}?next=https://elsewhere.example/")
        self.assertNotContains(page, "elsewhere")
        self.assertEqual(self.client.post(ACCEPT, {"terms": "1e3"}).status_code, 409)

    def test_who_is_not_signed_in_may_read_them(self):
        self.client.logout()
        page = self.client.get(PAGE)
        self.assertContains(page, "Be <em>kind</em>.")
        self.assertNotContains(page, "Accept the terms")
        self.assertEqual(self.accept().status_code, 302)
        self.assertFalse(TermsAcceptance.objects.exists())

    def test_each_reads_them_in_their_language(self):
        self.terms.translations = {"ko": "친절하세요."}
        self.terms.save()
        self.alice.language = "ko"
        self.alice.save()
        self.assertContains(self.client.get(PAGE), "친절하세요.")

    def test_hostile_text_is_text(self):
        put_in_force("3", "<script>alert(1)</script>", hours=0)
        self.assertNotContains(self.client.get(PAGE), "<script>alert")

    def test_what_was_accepted_cannot_be_taken_away(self):
        self.accept()
        with self.assertRaises(ProtectedError):
            self.terms.delete()


@override_settings(MAIL_IS_SET_UP=False)  # nobody has an address to confirm first
class SignUpTests(ChatTestCase):
    data = {
        "username": "dave",
        "email": "dave@example.org",
        "password1": "correct horse battery",
        "password2": "correct horse battery",
    }

    def sign_up(self, **fields):
        self.client.post(reverse("account_signup"), self.data | fields)
        return User.objects.get(username="dave")

    def test_it_shows_the_terms_and_takes_them_for_accepted(self):
        terms = put_in_force()
        page = self.client.get(reverse("account_signup"))
        self.assertContains(page, f'name="terms" value="{terms.pk}"')
        self.assertContains(page, PAGE)
        dave = self.sign_up(terms=terms.pk)
        self.assertEqual(dave.accepted_terms, terms)
        self.assertEqual(self.client.get("/").status_code, 200)

    def test_who_was_shown_others_is_asked_again(self):
        old = put_in_force()
        put_in_force("2", hours=-0.5)
        for shown in (str(old.pk), "", "x"):
            with self.subTest(shown):
                User.objects.filter(username="dave").delete()
                self.client.logout()
                self.assertIsNone(self.sign_up(terms=shown).accepted_terms)

    def test_without_terms_nothing_is_said(self):
        page = self.client.get(reverse("account_signup"))
        self.assertNotContains(page, "accept the terms")
        self.assertEqual(self.client.get(PAGE).status_code, 404)
