"""Who was signed out, and presses a button, ends on no blank page."""

from urllib.parse import urlencode

from django.test import TestCase
from django.urls import reverse

APPEARANCE = reverse("conversations:settings_save", args=["appearance"])


class SignedOutTests(TestCase):
    def next_after(self, referer):
        """Return what follows signing in, for who presses a button on that page."""
        response = self.client.post(APPEARANCE, headers={"referer": referer})
        self.assertEqual(response.status_code, 302)
        return response.url.partition("?")[2]

    def test_after_signing_in_they_are_on_the_page_of_the_button(self):
        page = "/search/?q=water&page=2"
        came = self.next_after(f"http://testserver{page}")
        self.assertEqual(came, urlencode({"next": page}, safe="/"))

    def test_a_page_of_somebody_else_is_not_gone_back_to(self):
        for referer in ("", "http://evil.example/x", "//evil.example", "javascript:1"):
            with self.subTest(referer):
                self.assertEqual(self.next_after(referer), "next=/")

    def test_where_only_a_form_is_taken_the_page_says_so(self):
        address = reverse("conversations:language_choose")
        response = self.client.get(address)
        self.assertContains(response, "This is no page", status_code=405)
        self.assertEqual(response["Allow"], "POST")
