"""A model that is needed stays: without it, others would be sent what people write."""

from django.contrib.auth.models import Group
from django.urls import reverse

from conversations.actions.personas import add_version
from conversations.models import LanguageModel, Persona, PersonaVersion, SiteSettings
from tests.usage.base import make_model

from .base import AdminTestCase

LIST = reverse("admin:conversations_languagemodel_changelist")


class ModelInUseTests(AdminTestCase):
    """The persona answers by a model that is for teachers alone, and carol is none."""

    def setUp(self):
        super().setUp()
        self.model = make_model("big")
        self.model.groups.add(Group.objects.create(name="Teachers"))
        self.answer_by(self.model)

    def answer_by(self, model):
        content = self.persona.version.content | {"model": model}
        add_version(persona=self.persona, content=content, author=self.bob)

    def delete(self, row):
        page = f"admin:conversations_{row._meta.model_name}_delete"
        return self.client.post(reverse(page, args=[row.pk]), {"post": "yes"})

    def is_there(self):
        return LanguageModel.objects.filter(pk=self.model.pk).exists()

    def test_the_page_of_its_deletion_says_who_answers_by_it(self):
        self.assertContains(self.delete(self.model), "Helper answers by it")
        self.assertTrue(self.is_there())

    def test_so_does_the_list(self):
        form = {"action": "delete_selected", "_selected_action": [self.model.pk]}
        response = self.client.post(LIST, form | {"post": "yes"})
        self.assertContains(response, "Helper answers by it")
        self.assertTrue(self.is_there())

    def test_so_does_its_provider(self):
        response = self.delete(self.model.provider)
        self.assertContains(response, "Helper answers by it")
        self.assertTrue(self.is_there())

    def test_so_does_the_form_of_its_provider(self):
        provider = self.model.provider
        url = reverse("admin:conversations_provider_change", args=[provider.pk])
        form = {
            "name": provider.name,
            "base_url": provider.base_url,
            "models-TOTAL_FORMS": "1",
            "models-INITIAL_FORMS": "1",
            "models-0-id": self.model.pk,
            "models-0-provider": provider.pk,
            "models-0-api_name": "big",
            "models-0-context_window_tokens": "9",
            "models-0-DELETE": "on",
        }
        self.assertContains(self.client.post(url, form), "Helper answers by it")
        self.assertTrue(self.is_there())

    def test_a_retired_persona_may_come_back(self):
        Persona.objects.update(state=Persona.State.RETIRED)
        self.assertContains(self.delete(self.model), "Helper answers by it")

    def test_the_one_that_writes_titles_stays(self):
        titles = make_model("titles")
        SiteSettings.objects.update_or_create(defaults={"title_model": titles})
        self.assertContains(self.delete(titles), "It writes the titles")
        self.assertTrue(LanguageModel.objects.filter(pk=titles.pk).exists())

    def test_it_goes_with_its_provider_once_nobody_needs_it(self):
        self.answer_by(None)
        self.delete(self.model.provider)
        self.assertFalse(self.is_there())

    def test_a_version_whose_model_is_gone_does_not_come_back(self):
        self.answer_by(None)
        self.delete(self.model)
        url = reverse("admin:conversations_persona_restore", args=[self.persona.pk, 2])
        response = self.client.post(url, follow=True)
        self.assertContains(response, "Its language model is no longer here.")
        self.persona.refresh_from_db()
        self.assertEqual(self.persona.version.number, 3)

    def test_nor_is_it_for_everybody_where_it_is_the_current_one(self):
        LanguageModel.objects.all().delete()
        gone = PersonaVersion.objects.get(pk=self.persona.version_id)
        self.assertTrue(gone.model_is_gone)
        self.assertNotIn(self.persona, Persona.objects.usable_by(self.carol))
        self.persona.refresh_from_db()
        self.answer_by(None)  # saved again, it is meant
        self.assertIn(self.persona, Persona.objects.usable_by(self.carol))
