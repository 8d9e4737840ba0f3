"""One's own addresses, and those that somebody has not confirmed as theirs."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.urls import reverse

from conversations.models import User
from tests.base import PASSWORD, ChatTestCase
from tests.mail import PostboxMixin, link_in

from .identity import ADA, IdentityTestCase

URL = reverse("account_email")
SIGN_UP = reverse("account_signup")
NEW = "another horse battery"
VICTIM = "victim@school.example"


class AddressesTestCase(PostboxMixin, ChatTestCase):
    def setUp(self):
        cache.clear()  # the limits on tries
        self.client.force_login(self.alice)
        self.client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    def press(self, button, address=VICTIM):
        form = {"email": address, f"action_{button}": ""}
        return self.client.post(URL, form, follow=True)


class ClaimedAddressTests(AddressesTestCase):
    """Alice has added the address of somebody else, who never confirmed it."""

    def setUp(self):
        super().setUp()
        self.press("add")
        self.postbox.next()
        self.victim = self.client_class()
        cache.clear()  # an address gets so many mails only, whoever asks

    def test_its_owner_signs_up_with_it(self):
        account = {"username": "dora", "password1": PASSWORD, "password2": PASSWORD}
        self.victim.post(SIGN_UP, account | {"email": VICTIM})
        letter = self.postbox.next()
        self.victim.post(link_in(letter))
        self.assertIn("_auth_user_id", self.victim.session)
        dora = EmailAddress.objects.get(email=VICTIM, verified=True).user
        self.assertEqual(dora.username, "dora")

    def test_no_link_to_her_account_goes_there(self):
        self.victim.post(reverse("account_reset_password"), {"email": VICTIM})
        self.assertNotIn("/key/", self.postbox.next().get_content())

    def test_she_does_not_make_it_her_main_one(self):
        User.objects.filter(pk=self.alice.pk).update(email="")
        EmailAddress.objects.exclude(email=VICTIM).delete()
        answer = self.press("primary")
        self.assertContains(answer, "Confirm this address before")
        self.alice.refresh_from_db()
        self.assertEqual(self.alice.email, "")

    def test_nor_does_it_follow_the_one_she_removes(self):
        self.press("remove", self.alice.email)
        self.alice.refresh_from_db()
        self.assertEqual(self.alice.email, "alice@example.org")


class MailTests(AddressesTestCase):
    def test_what_is_not_sent_again_so_soon_is_said(self):
        self.press("add")
        self.postbox.next()
        self.assertContains(self.press("send"), "That was too often.")
        self.assertTrue(self.postbox.is_empty)

    def test_where_no_mail_leaves_no_address_is_taken(self):
        with self.settings(MAIL_IS_SET_UP=False):
            page = self.press("add")
        self.assertContains(page, "This site sends no mail.")
        self.assertNotContains(page, "action_add")
        self.assertNotContains(page, "action_send")
        self.assertFalse(EmailAddress.objects.filter(email=VICTIM).exists())

    def test_a_change_is_told_to_whose_account_it_is(self):
        """In their language; where no mail leaves, nobody is told."""
        self.alice.language = "id"
        self.alice.save()
        self.change_password(PASSWORD, NEW)
        letter = self.postbox.next()
        self.assertEqual(letter["To"], self.alice.email)
        self.assertIn("Kata sandi akun", letter.get_content())
        with self.settings(MAIL_IS_SET_UP=False):
            self.change_password(NEW, PASSWORD)
        self.assertTrue(self.postbox.is_empty)

    def change_password(self, former, new):
        form = {"oldpassword": former, "password1": new, "password2": new}
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(reverse("account_change_password"), form)


class ClaimedElsewhereTests(IdentityTestCase):
    def test_who_has_an_account_with_it_is_told_how_to_connect_it(self):
        self.provider.sign_in_as(ADA | {"email": self.alice.email})
        response = self.sign_in()
        self.assertIn("/accounts/login/", response.redirect_chain[-1][0])
        self.assertContains(response, "Sign in to it, then connect it with School")

    def test_who_proves_it_by_a_provider_comes_in(self):
        for verified in (True, False):
            with self.subTest(verified):
                claim = {"email": f"{verified}@school.example".lower()}
                EmailAddress.objects.create(user=self.alice, **claim)
                told = ADA | {"sub": str(verified), "email_verified": verified}
                self.provider.sign_in_as(told | claim)
                self.sign_in()
                theirs = SocialAccount.objects.get(uid=str(verified)).user
                self.assertEqual(EmailAddress.objects.get(**claim).user, theirs)
                self.client.logout()
