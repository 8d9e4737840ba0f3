"""Beside the box stands what goes where, and for how long it is kept."""

from django.test import override_settings

from conversations.disclosure import WITH, sent_to
from conversations.models import (
    LanguageModel,
    Persona,
    PersonaVersion,
    Provider,
    SiteSettings,
    User,
)
from tests.base import ChatTestCase, make_persona


class DisclosureTests(ChatTestCase):
    def setUp(self):
        self.client.force_login(self.alice)

    def page(self, url=None):
        response = self.client.get(url or self.conversation.get_absolute_url())
        return " ".join(response.content.decode().split())

    def tell(self, **fields):
        PersonaVersion.objects.update(**fields)
        return self.page()

    def test_the_demo_model_is_part_of_the_site(self):
        self.assertIn("the demo model, which is part of this site", self.page())

    @override_settings(OPENAI_API_KEY="sk-x", OPENAI_MODEL="gpt-x")
    def test_the_sites_own_model(self):
        page = self.page()
        self.assertIn('<b dir="ltr">gpt-x</b> at <b dir="ltr">api.openai.com</b>', page)

    def test_a_model_of_another_provider(self):
        provider = Provider.objects.create(
            name="Far", base_url="https://far.example:8443/v1"
        )
        model = LanguageModel.objects.create(provider=provider, api_name="small")
        page = self.tell(model=model)
        self.assertIn("far.example:8443", page)
        self.assertIn("small", page)

    def test_what_of_the_history(self):
        for fields, line in (
            ({"history_policy": "all"}, "What was said before goes with it"),
            (
                {"history_policy": "last_turns", "history_turns": 3},
                "The last 3 turns go with it.",
            ),
            ({"history_policy": "none"}, "What was said before does not go with it."),
        ):
            with self.subTest(fields):
                self.assertIn(line, self.tell(**fields))

    def test_whether_ones_name_goes_with_it(self):
        self.assertIn("Your name does not.", self.page())
        page = self.tell(instructions="You talk to {{ user.name }}.")
        self.assertIn("So does your name, alice.", page)

    def test_a_new_chat_tells_it_of_each_persona(self):
        make_persona("critic", history_policy="none")
        page = self.page("/")
        self.assertIn("What was said before does not go with it.", page)
        self.assertIn("What was said before goes with it", page)

    def test_how_long_it_is_kept(self):
        self.assertIn("A conversation is kept until you delete it.", self.page())
        SiteSettings(retention_days=30).save()
        self.assertIn("erased 30 days after its last message.", self.page())

    def test_it_is_asked_for_all_at_once(self):
        for slug in ("critic", "friend"):
            make_persona(slug)
        LanguageModel.objects.default()
        personas = list(Persona.objects.select_related(WITH))
        with self.assertNumQueries(1):  # the site's own model
            self.assertEqual(len(sent_to(personas)), len(personas))

    def test_what_goes_to_the_model_for_titles(self):
        provider = Provider.objects.create(name="Far", base_url="https://far.example")
        model = LanguageModel.objects.create(provider=provider, api_name="titler")
        told = "Your first message is sent once more"
        for site, person in ((True, False), (False, True)):
            self.agree(model, site=site, person=person)
            self.assertNotIn(told, self.page("/"))
        self.agree(model, site=True, person=True)
        page = self.page("/")
        self.assertIn(told, page)
        self.assertIn('<b dir="ltr">titler</b> (<b dir="ltr">far.example</b>)', page)
        self.assertNotIn(told, self.page())  # it was sent already

    def agree(self, model, *, site, person):
        SiteSettings(better_titles=site, title_model=model).save()
        User.objects.filter(pk=self.alice.pk).update(better_titles=person)
