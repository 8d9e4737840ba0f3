from django.contrib.auth.models import Group
from django.urls import reverse

from conversations.models import Conversation, Persona
from tests.base import ChatTestCase, make_conversation, make_persona


class ConversationNewTests(ChatTestCase):
    url = reverse("conversations:conversation_new")

    def setUp(self):
        self.client.force_login(self.bob)

    def test_each_visit_has_an_id_of_its_own_and_makes_nothing(self):
        ids = {self.client.get(self.url).context["conversation_id"] for _ in range(2)}
        self.assertEqual(len(ids), 2)
        self.assertEqual(Conversation.objects.count(), 1)

    def test_shows_the_chosen_personas_greeting_and_starters(self):
        make_persona("guide", greeting="Selamat datang.", starters=["Mulai", "Bantu"])
        response = self.client.get(self.url, {"persona": "guide"})
        for words in ("Selamat datang.", "Mulai", "Bantu"):
            self.assertContains(response, words)

    def test_last_persona_used_is_chosen_already_unless_one_has_a_default(self):
        guide = make_persona("guide")
        make_conversation(self.bob, guide)
        self.assertEqual(self.client.get(self.url).context["persona"], guide)
        self.bob.default_persona = self.persona
        self.bob.save()
        self.assertEqual(self.client.get(self.url).context["persona"], self.persona)
        Persona.objects.filter(pk=self.persona.pk).update(state="retired")
        self.assertEqual(self.client.get(self.url).context["persona"], guide)

    def test_drafts_and_retired_personas_are_not_offered(self):
        make_persona("draft", state=Persona.State.DRAFT)
        make_persona("retired", state=Persona.State.RETIRED)
        offered = {p.slug for p in self.client.get(self.url).context["personas"]}
        self.assertFalse(offered & {"draft", "retired"})

    def test_personas_of_a_group_are_offered_to_its_members_only(self):
        teachers = Group.objects.create(name="Teachers")
        make_persona("staff-room").groups.add(teachers)
        self.assertNotContains(self.client.get(self.url), "Staff-Room")
        self.bob.groups.add(teachers)
        self.assertContains(self.client.get(self.url), "Staff-Room")

    def test_without_personas_the_page_says_what_to_do(self):
        Persona.objects.update(state=Persona.State.RETIRED)
        response = self.client.get(self.url)
        self.assertContains(response, "administrator")
        self.assertEqual(response.context["personas"], [])
