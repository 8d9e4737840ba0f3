from importlib import import_module

from django.apps import apps
from django.test import TestCase

from conversations.generation.prompt import unknown_variables
from conversations.models import Persona, PersonaVersion

MIGRATION = import_module("conversations.migrations.0002_first_personas")
SLUGS = ["assistant", "kak-pintar", "question-helper", "haru", "xiaomo"]


class FirstPersonasTests(TestCase):
    def personas(self):
        return Persona.objects.select_related("version").filter(slug__in=SLUGS)

    def test_a_new_site_has_the_five_in_order(self):
        published = self.personas().filter(state=Persona.State.PUBLISHED)
        self.assertEqual([persona.slug for persona in published], SLUGS)

    def test_each_has_all_that_people_see_first(self):
        for persona in self.personas():
            with self.subTest(persona.slug):
                self.assertTrue(persona.description and persona.avatar_emoji)
                self.assertTrue(persona.greeting)
                self.assertGreaterEqual(len(persona.starters), 3)
                self.assertTrue(persona.version.instructions)

    def test_instructions_hold_only_variables_there_are(self):
        for persona in self.personas():
            with self.subTest(persona.slug):
                instructions = persona.version.instructions
                self.assertEqual(unknown_variables(instructions), [])

    def test_each_is_what_its_chatbot_was(self):
        versions = {persona.slug: persona.version for persona in self.personas()}
        History = PersonaVersion.History
        self.assertEqual(versions["assistant"].temperature, 0.7)
        self.assertEqual(versions["question-helper"].history_policy, History.NONE)
        self.assertEqual(versions["haru"].history_policy, History.ALL)
        self.assertIn("nggak", versions["kak-pintar"].greeting.lower())
        self.assertRegex(versions["haru"].instructions, "[가-힣]")
        self.assertRegex(versions["xiaomo"].instructions, "[一-鿿]")

    def test_loading_them_again_overwrites_nothing(self):
        Persona.objects.filter(slug="assistant").update(name="Ours")
        MIGRATION.add_first_personas(apps, None)
        self.assertEqual(Persona.objects.get(slug="assistant").name, "Ours")
        self.assertEqual(self.personas().count(), len(SLUGS))
        self.assertEqual(PersonaVersion.objects.filter(number=2).count(), 0)
