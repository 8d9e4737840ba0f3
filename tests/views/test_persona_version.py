"""What a persona was when it wrote a reply."""

from django.contrib.auth.models import Permission
from django.urls import reverse

from conversations.models import Conversation, Generation, PersonaVersion
from tests.base import ChatTestCase, add_turn, make_conversation, make_persona


class PersonaVersionTests(ChatTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.now = PersonaVersion.objects.create(
            persona=cls.persona,
            number=2,
            instructions="Be long.",
            greeting="Good day.",
            starters=["What is ice?"],
        )
        cls.persona.version = cls.now
        cls.persona.description = "Knows water."
        cls.persona.save()

    def get(self, user, number, slug="helper"):
        self.client.force_login(user)
        return self.client.get(
            reverse("conversations:persona_version", args=[slug, number])
        )

    def test_its_public_face_is_shown_to_whom_it_answered(self):
        response = self.get(self.alice, 1)
        for words in ("Helper", "Knows water.", "Hello.", "Version 1"):
            self.assertContains(response, words)
        self.assertNotContains(response, "Be brief.")

    def test_it_leads_back_to_the_message_one_came_from(self):
        url = reverse("conversations:persona_version", args=["helper", 1])
        for user, is_back in ((self.alice, True), (self.bob, False)):
            self.client.force_login(user)
            user.user_permissions.add(Permission.objects.get(codename="change_persona"))
            for asked in (str(self.reply.pk), "x", "9" * 40):
                response = self.client.get(url, {"message": asked})
                is_named = is_back and asked == str(self.reply.pk)
                back = f"?message={self.reply.pk}#message-{self.reply.pk}"
                self.assertEqual(back in response.content.decode(), is_named)

    def test_what_it_is_now_is_shown_to_all_who_may_talk_to_it(self):
        response = self.get(self.carol, 2)
        for words in ("Good day.", "What is ice?", "as it is now"):
            self.assertContains(response, words)
        self.assertNotContains(response, "Be long.")

    def test_what_it_was_is_not_shown_to_others(self):
        self.assertEqual(self.get(self.carol, 1).status_code, 404)

    def test_nor_to_who_has_a_file_say_that_it_answered(self):
        """Its words, that is: a file that came in may name any version."""
        mine = make_conversation(self.carol, self.persona)
        _, reply = add_turn(mine, "What is water?", "A drink.")
        first = self.persona.versions.get(number=1)
        written = {"persona_version": first, "started_at": None}
        Generation.objects.filter(message=reply).update(**written)
        response = self.get(self.carol, 1)
        self.assertContains(response, "Version 1")
        self.assertNotContains(response, "Hello.")

    def test_nor_for_a_conversation_in_the_bin(self):
        Conversation.objects.update(deleted_at=self.now.created_at)
        self.assertEqual(self.get(self.alice, 1).status_code, 404)

    def test_who_edits_personas_sees_what_it_was_told(self):
        self.carol.user_permissions.add(
            Permission.objects.get(codename="change_persona")
        )
        self.assertContains(self.get(self.carol, 1), "Be brief.")

    def test_what_is_not_there_is_404(self):
        make_persona("drafted", state="draft")
        for slug, number in (("helper", 3), ("nobody", 1), ("drafted", 1)):
            with self.subTest(slug):
                self.assertEqual(self.get(self.alice, number, slug).status_code, 404)
