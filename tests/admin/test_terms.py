from django.urls import reverse
from django.utils import timezone

from conversations.actions.terms import accept_terms
from conversations.models import Terms

from .base import AdminTestCase


class TermsAdminTests(AdminTestCase):
    new = reverse("admin:conversations_terms_add")

    def write(self, year, **fields):
        data = {
            "version": "one",
            "text": "Be kind.",
            "in_force_since_0": f"{year}-01-01",
            "in_force_since_1": "00:00",
        }
        self.client.post(self.new, data | fields)
        return Terms.objects.get(version=fields.get("version", "one"))

    def test_one_that_is_to_come_is_written_and_changed(self):
        terms = self.write(timezone.now().year + 2, text_ko="친절하세요.")
        self.assertEqual(terms.translations, {"ko": "친절하세요."})
        change = reverse("admin:conversations_terms_change", args=[terms.pk])
        self.assertContains(self.client.get(change), 'name="text_ko"')
        self.write(timezone.now().year + 3, version="two")
        self.assertContains(self.client.get(self.new), "Be kind.")  # begins as the last

    def test_one_in_force_stands_as_people_accepted_it(self):
        terms = self.write(2020)
        accept_terms(user=self.bob, terms_id=terms.pk)
        change = reverse("admin:conversations_terms_change", args=[terms.pk])
        self.assertEqual(self.client.get(change).status_code, 200)
        response = self.client.post(change, {"version": "one", "text": "Be unkind."})
        self.assertEqual(response.status_code, 403)
        delete = reverse("admin:conversations_terms_delete", args=[terms.pk])
        self.assertEqual(self.client.post(delete, {"post": "yes"}).status_code, 403)
        terms.refresh_from_db()
        self.assertEqual(terms.text, "Be kind.")
        listed = self.client.get(reverse("admin:conversations_terms_changelist"))
        self.assertContains(listed, '<td class="field-accepted_by">1</td>')
