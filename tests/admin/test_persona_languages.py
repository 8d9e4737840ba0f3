from importlib import import_module

from django.apps import apps
from django.test import TestCase
from django.urls import reverse

from conversations.models import Persona

from .base import AdminTestCase

MIGRATION = import_module("conversations.migrations.0023_first_personas_languages")


class PersonaLanguagesTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.form = reverse(
            "admin:conversations_persona_change", args=[self.persona.pk]
        )

    def save(self, **texts):
        response = self.client.post(self.form, self.persona_form(**texts))
        if response.status_code == 302:
            self.persona = Persona.objects.select_related("version").get(
                pk=self.persona.pk
            )
        return response

    def new_chat(self, language):
        self.alice.language = language
        self.alice.save()
        self.client.force_login(self.alice)
        return self.client.get("/")

    def test_each_reads_it_in_their_language_else_as_it_was_written(self):
        self.save(
            name_ko="도우미",
            description_ko="돕습니다.",
            greeting_ko="안녕하세요.",
            starters_ko="비가 왜 와요?",
            name_id="Pembantu",
        )
        page = self.new_chat("ko")
        for words in ("도우미", "돕습니다.", "안녕하세요.", "비가 왜 와요?"):
            self.assertContains(page, words)
        page = self.new_chat("id")
        self.assertContains(page, "Pembantu")
        self.assertContains(page, "Hello.")
        self.assertNotContains(page, "안녕하세요.")
        self.assertContains(self.new_chat("zh-hans"), "Helper")

    def test_what_it_says_first_is_part_of_its_version(self):
        self.save(greeting_ko="안녕하세요.")
        self.assertEqual(self.persona.version.number, 2)
        self.save(greeting_ko="안녕하세요.")
        self.assertEqual(self.persona.version.number, 2)
        self.save(greeting_ko="반가워요.")
        versions = reverse(
            "admin:conversations_persona_versions", args=[self.persona.pk]
        )
        self.assertContains(self.client.get(versions), "반가워요")
        first = self.persona.versions.get(number=1)
        self.assertEqual(first.translations, {})

    def test_its_name_in_a_language_makes_no_version(self):
        self.save(name_ko="도우미")
        self.assertEqual(self.persona.version.number, 1)
        self.assertEqual(self.persona.translations, {"ko": {"name": "도우미"}})
        self.assertContains(self.client.get(self.form), 'value="도우미"')
        self.save()
        self.assertEqual(self.persona.translations, {})

    def test_limits_hold_in_every_language(self):
        response = self.save(starters_ko="\n".join("abcdefghijklmnop"))
        self.assertContains(response, "At most 12 starters fit.")


class FirstPersonasTests(TestCase):
    def test_they_come_with_theirs(self):
        described = Persona.objects.filter(slug__in=MIGRATION.TEXTS)
        self.assertEqual(described.count(), 5)
        for persona in described:
            with self.subTest(persona.slug):
                self.assertGreaterEqual(len(persona.translations), 4)
                for said in persona.translations.values():
                    self.assertLessEqual(len(said["description"]), 200)
        assistant = Persona.objects.get(slug="assistant")
        self.assertEqual(len(assistant.version.translations["ko"]["starters"]), 4)

    def test_what_administrators_made_of_them_is_left_alone(self):
        Persona.objects.filter(slug="haru").update(name="Ours", translations={})
        MIGRATION.add_languages(apps, None)
        self.assertEqual(Persona.objects.get(slug="haru").translations, {})
