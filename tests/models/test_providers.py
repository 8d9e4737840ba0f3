from django.test import TestCase, override_settings

from conversations.models import LanguageModel, Provider


class ProviderTests(TestCase):
    @override_settings(OPENAI_API_KEY="sk-1", OPENAI_BASE_URL="")
    def test_a_key_alone_leads_to_the_openai_api(self):
        endpoint = Provider.objects.environment().endpoint
        self.assertEqual(endpoint.base_url, "https://api.openai.com/v1")
        self.assertEqual(endpoint.api_key, "sk-1")

    @override_settings(OPENAI_API_KEY="", OPENAI_BASE_URL="http://127.0.0.1:1/v1")
    def test_a_base_url_alone_leads_there(self):
        endpoint = Provider.objects.environment().endpoint
        self.assertEqual(endpoint.base_url, "http://127.0.0.1:1/v1")

    def test_without_either_the_demo_model_answers(self):
        self.assertTrue(Provider.objects.environment().is_demo)
        self.assertIsNone(Provider.objects.environment().endpoint)
        self.assertEqual(LanguageModel.objects.default().api_name, "demo")

    def test_key_is_encrypted_at_rest(self):
        provider = Provider(name="Ours")
        provider.set_api_key("sk-secret")
        self.assertNotIn("sk-secret", provider.encrypted_api_key)
        self.assertEqual(provider.api_key, "sk-secret")

    def test_key_survives_a_new_secret_while_the_old_one_is_a_fallback(self):
        provider = Provider(name="Ours")
        with override_settings(SECRET_KEY="old"):
            provider.set_api_key("sk-secret")
        with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"]):
            self.assertEqual(provider.api_key, "sk-secret")
        with override_settings(SECRET_KEY="new"):
            self.assertEqual(provider.api_key, "")

    def test_cost_counts_cached_tokens_at_their_own_price(self):
        model = LanguageModel(
            prompt_price=2_000_000, cached_price=500_000, completion_price=8_000_000
        )
        cost = model.cost_micros(
            prompt_tokens=1000, cached_tokens=400, completion_tokens=100
        )
        self.assertEqual(cost, 1200 + 200 + 800)

    def test_unknown_price_is_unknown_and_not_free(self):
        cost = LanguageModel().cost_micros(
            prompt_tokens=1, cached_tokens=0, completion_tokens=1
        )
        self.assertIsNone(cost)
