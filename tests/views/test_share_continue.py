"""Going on with what a link shows, in a copy of one's own."""

from django.urls import reverse

from conversations.models import Conversation

from .sharing import SharedTestCase


class ShareContinueTests(SharedTestCase):
    def url(self, share):
        return reverse("conversations:share_continue", args=[share.token])

    def test_one_signs_in_first_and_comes_back(self):
        url = self.url(self.share())
        response = self.client.get(url)
        self.assertRedirects(response, f"/accounts/login/?next={url}")
        self.assertEqual(self.client.post(url).status_code, 302)
        self.assertEqual(Conversation.objects.count(), 1)

    def test_asking_changes_nothing(self):
        self.client.force_login(self.bob)
        response = self.client.get(self.url(self.share()))
        self.assertContains(response, "A copy of this conversation becomes yours")
        self.assertEqual(Conversation.objects.count(), 1)

    def test_a_form_can_be_sent_from_there(self):
        """With no referrer at all, a browser does not say where a form comes from."""
        self.client.force_login(self.bob)
        response = self.client.get(self.url(self.share()))
        self.assertEqual(response["Referrer-Policy"], "same-origin")
        self.assertEqual(response["Cache-Control"], "no-store")

    def test_one_lands_in_a_copy_of_ones_own(self):
        share = self.share("chosen", reader_names=["bob"])
        self.client.force_login(self.bob)
        response = self.client.post(self.url(share), {"persona": "helper"}, follow=True)
        mine = self.bob.conversations.get()
        self.assertRedirects(response, mine.get_absolute_url())
        self.assertContains(response, "A <strong>drink</strong>.")

    def test_wrong_personas_are_refused(self):
        share = self.share()
        self.client.force_login(self.bob)
        for slug in ("nobody", "not a slug"):
            response = self.client.post(self.url(share), {"persona": slug})
            self.assertContains(response, "Choose a persona", status_code=422)
        self.assertFalse(self.bob.conversations.exists())

    def test_who_may_not_read_it_copies_nothing(self):
        share = self.share("chosen", reader_names=["bob"])
        self.client.force_login(self.carol)
        self.assertEqual(self.client.get(self.url(share)).status_code, 404)
        self.assertEqual(self.client.post(self.url(share)).status_code, 404)
        self.assertFalse(self.carol.conversations.exists())
