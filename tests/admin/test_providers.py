from django.contrib.messages import get_messages
from django.test import override_settings
from django.urls import reverse

from conversations.actions.providers import save_provider
from conversations.models import LanguageModel, Provider

from .base import AdminTestCase, ProviderTestCase

LIST = reverse("admin:conversations_provider_changelist")
NO_MODELS = {"models-TOTAL_FORMS": "0", "models-INITIAL_FORMS": "0"}


def page_of(provider):
    return reverse("admin:conversations_provider_change", args=[provider.pk])


class ProviderFormTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.provider = Provider(name="Ours", base_url="https://one.example/v1")
        save_provider(provider=self.provider, api_key="sk-secret")

    def save(self, **changes):
        form = {
            "name": "Ours",
            "base_url": "https://one.example/v1",
            "api_key": "",
            **NO_MODELS,
            **changes,
        }
        response = self.client.post(page_of(self.provider), form)
        self.provider.refresh_from_db()
        return response

    def test_page_says_that_a_test_uses_what_is_saved(self):
        response = self.client.get(page_of(self.provider))
        self.assertContains(response, "Both use what is saved. Save a change first")
        self.assertContains(response, 'data-saved-form="provider_form"')
        self.assertContains(response, 'id="provider_form"')

    def test_key_never_comes_out(self):
        for url in (page_of(self.provider), LIST):
            response = self.client.get(url)
            self.assertNotContains(response, "sk-secret")
            self.assertNotContains(response, self.provider.encrypted_api_key)

    def test_empty_keeps_the_key(self):
        self.save(name="Theirs")
        self.assertEqual(self.provider.api_key, "sk-secret")
        self.assertEqual(self.provider.name, "Theirs")

    def test_new_key_replaces_it_and_is_in_no_log_of_the_admin(self):
        response = self.save(api_key="sk-new")
        self.assertEqual(self.provider.api_key, "sk-new")
        history = reverse(
            "admin:conversations_provider_history", args=[self.provider.pk]
        )
        self.assertEqual(response.status_code, 302)
        self.assertNotContains(self.client.get(history), "sk-new")

    def test_rejected_form_does_not_repeat_the_key(self):
        response = self.save(name="", api_key="sk-new")
        self.assertNotContains(response, "sk-new")

    def test_key_is_forgotten_on_request(self):
        self.save(forget_api_key="on")
        self.assertFalse(self.provider.has_api_key)

    def test_another_host_clears_the_key_and_says_so(self):
        response = self.save(base_url="https://two.example/v1")
        self.assertFalse(self.provider.has_api_key)
        said = " ".join(str(m) for m in get_messages(response.wsgi_request))
        self.assertIn("the key was forgotten", said)

    def test_address_holds_nothing_but_an_address(self):
        for address in (
            "ftp://one.example",
            "javascript:alert(1)",
            "https://me:sk-secret@one.example/v1",
            "https://one.example/v1?key=sk",
            "http://169.254.169.254/latest/meta-data",
            "http://[::ffff:169.254.169.254]/v1",
        ):
            with self.subTest(address):
                self.assertEqual(self.save(base_url=address).status_code, 200)
                self.assertEqual(self.provider.base_url, "https://one.example/v1")

    def test_prices_are_entered_in_the_currency(self):
        model = LanguageModel.objects.create(provider=self.provider, api_name="big")
        row = {
            "models-TOTAL_FORMS": "1",
            "models-INITIAL_FORMS": "1",
            "models-0-id": model.pk,
            "models-0-provider": self.provider.pk,
            "models-0-api_name": "big",
            "models-0-context_window_tokens": "8000",
            "models-0-prompt_price": "2.50",
            "models-0-cached_price": "0.000001",
        }
        self.save(**row)
        model.refresh_from_db()
        self.assertEqual(model.prompt_price, 2_500_000)
        self.assertEqual(model.cached_price, 1)
        self.assertIsNone(model.completion_price)
        self.assertContains(self.client.get(page_of(self.provider)), 'value="2.5"')

    def test_many_models_have_a_list_of_their_own(self):
        LanguageModel.objects.bulk_create(
            LanguageModel(provider=self.provider, api_name=f"m{n}") for n in range(300)
        )
        response = self.client.get(page_of(self.provider))
        self.assertNotContains(response, "models-0-api_name")
        self.assertContains(response, f"provider__id__exact={self.provider.pk}")

    def test_models_take_the_same_queries_for_many(self):
        LanguageModel.objects.create(provider=self.provider, api_name="first")
        with self.assertNumQueries(5):
            self.client.get(page_of(self.provider))
        for number in range(20):
            LanguageModel.objects.create(provider=self.provider, api_name=f"m{number}")
        with self.assertNumQueries(5):
            self.client.get(page_of(self.provider))


@override_settings(OPENAI_API_KEY="sk-env", OPENAI_BASE_URL="https://env.example/v1")
class EnvironmentProviderTests(AdminTestCase):
    def test_is_listed_before_anybody_asked_anything(self):
        self.assertContains(self.client.get(LIST), "env.example")

    def test_says_what_the_environment_says_but_never_the_key(self):
        response = self.client.get(page_of(Provider.objects.environment()))
        self.assertContains(response, "https://env.example/v1")
        self.assertNotContains(response, "sk-env")
        self.assertNotContains(response, 'name="base_url"')

    def test_cannot_be_changed_or_deleted(self):
        provider = Provider.objects.environment()
        form = {"name": "Evil", "base_url": "https://evil.example", **NO_MODELS}
        self.client.post(page_of(provider), form)
        provider.refresh_from_db()
        self.assertEqual((provider.name, provider.base_url), ("Environment", ""))
        url = reverse("admin:conversations_provider_delete", args=[provider.pk])
        self.assertEqual(self.client.post(url, {"post": "yes"}).status_code, 403)

    @override_settings(OPENAI_API_KEY="", OPENAI_BASE_URL="")
    def test_says_that_the_demo_model_answers(self):
        response = self.client.get(page_of(Provider.objects.environment()))
        self.assertContains(response, "the demo model answers")


class AskProviderTests(ProviderTestCase):
    def setUp(self):
        super().setUp()
        self.provider = Provider(name="Ours", base_url=self.upstream.base_url)
        save_provider(provider=self.provider, api_key=self.upstream.api_key)

    async def press(self, button):
        """Press it and return what the page then says."""
        url = reverse(f"admin:conversations_provider_{button}", args=[self.provider.pk])
        await self.sign_in()
        try:
            response = await self.async_client.post(url)
        finally:
            await self.let_go()
        self.assertRedirects(
            response, page_of(self.provider), fetch_redirect_response=False
        )
        return " ".join(str(m) for m in get_messages(response.asgi_request))

    async def test_connection_is_tested(self):
        await self.provider.models.acreate(api_name="scripted-1")
        said = await self.press("test")
        self.assertIn("offers 2 models", said)
        self.assertIn("The first words of scripted-1 came after", said)

    async def test_models_are_fetched_once(self):
        self.assertIn("2 models were added", await self.press("fetch"))
        self.assertIn("here already", await self.press("fetch"))
        self.assertEqual(await self.provider.models.acount(), 2)

    async def test_failure_is_a_sentence_without_what_the_provider_wrote(self):
        self.upstream.fail(401, body='{"error": "sk-leak"}', path="/v1/models")
        said = await self.press("test")
        self.assertIn("did not accept the key", said)
        self.assertNotIn("sk-leak", said)

    async def test_wrong_address_is_a_sentence(self):
        self.upstream.page(path="/v1/models")
        self.assertIn("base URL", await self.press("fetch"))

    def test_only_who_may_edit_providers_may_ask_them(self):
        for button in ("test", "fetch"):
            url = reverse(
                f"admin:conversations_provider_{button}", args=[self.provider.pk]
            )
            self.become(self.carol, "view_provider", "change_persona")
            self.assertEqual(self.client.post(url).status_code, 403)
            self.client.force_login(self.bob)
            self.assertEqual(self.client.get(url).status_code, 405)
        self.assertEqual(self.upstream.requests, [])
