"""What one uses and has left, on a page of one's own."""

from django.urls import reverse

from tests.base import make_persona
from tests.usage.base import UsageTestCase, make_budget, make_model

URL = reverse("conversations:usage_detail")


class UsageDetailTests(UsageTestCase):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.alice)

    def test_it_is_ones_own(self):
        self.spend(prompt=700, completion=300)
        self.spend(self.bob, prompt=9_000)
        make_budget(10, user=self.alice)
        make_budget(77, user=self.bob)
        response = self.client.get(URL)
        self.assertContains(response, "<td>1,000</td>")
        self.assertContains(response, "Left of your 10 messages a day: 9 messages.")
        self.assertNotContains(response, "9,000")
        self.assertNotContains(response, "77 messages")

    def test_what_has_no_price_is_unknown_and_not_free(self):
        self.spend(model=make_model("new", prompt_price=None))
        self.assertContains(self.client.get(URL), "unknown")
        self.spend(prompt=1_000_000)
        self.assertContains(self.client.get(URL), "at least USD 1.00")

    def test_a_persona_has_its_name_in_the_readers_language(self):
        self.persona.translations = {"id": {"name": "Pembantu"}}
        self.persona.save()
        self.spend()
        response = self.client.get(URL, headers={"accept-language": "id"})
        self.assertContains(response, "Pembantu")
        self.assertNotContains(response, self.persona.name)

    def test_a_budget_of_a_persona_they_may_use_is_a_limit(self):
        hidden = make_persona("hidden", state="draft")
        for persona in (self.persona, hidden):
            make_budget(10, persona=persona)
        self.spend()
        response = self.client.get(URL)
        self.assertContains(response, f"persona “{self.persona.name}”: 90 %.")
        self.assertNotContains(response, hidden.name)
        self.assertNotContains(response, "You have no budget")

    def test_without_budget_and_use_it_says_so(self):
        response = self.client.get(URL)
        self.assertContains(response, "You have no budget")
        self.assertContains(response, "Nothing yet.")

    def test_the_settings_lead_there(self):
        self.assertContains(
            self.client.get(reverse("conversations:settings_detail")), URL
        )
