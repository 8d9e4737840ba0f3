from asgiref.sync import sync_to_async
from django.test import TestCase

from conversations import llm
from conversations.actions.providers import (
    check_connection,
    fetch_models,
    save_provider,
)
from conversations.actions.refusals import Refusal
from conversations.models import Provider
from tests.fakes import ScriptedProvider


class SaveProviderTests(TestCase):
    def setUp(self):
        self.provider = Provider(name="Ours", base_url="https://one.example/v1")
        save_provider(provider=self.provider, api_key="sk-secret")

    def saved(self):
        return Provider.objects.get(pk=self.provider.pk)

    def test_key_is_kept_encrypted(self):
        self.assertEqual(self.saved().api_key, "sk-secret")
        self.assertNotIn("sk-secret", self.saved().encrypted_api_key)

    def test_no_new_key_keeps_the_old_one(self):
        self.provider.name = "Theirs"
        self.assertFalse(save_provider(provider=self.provider))
        self.assertEqual(self.saved().api_key, "sk-secret")

    def test_another_path_of_the_same_host_keeps_the_key(self):
        self.provider.base_url = "https://one.example/v2"
        self.assertFalse(save_provider(provider=self.provider))
        self.assertEqual(self.saved().api_key, "sk-secret")

    def test_key_never_follows_to_another_host(self):
        for address in (
            "https://two.example/v1",
            "https://one.example:444/v1",
            "http://one.example/v1",  # where everybody on the way could read it
            "",
        ):
            with self.subTest(address):
                self.provider.set_api_key("sk-secret")
                self.provider.base_url = "https://one.example/v1"
                save_provider(provider=self.provider, api_key="sk-secret")
                self.provider.base_url = address
                self.assertTrue(save_provider(provider=self.provider))
                self.assertEqual(self.saved().api_key, "")

    def test_new_host_with_its_own_key_drops_nothing(self):
        self.provider.base_url = "https://two.example/v1"
        self.assertFalse(save_provider(provider=self.provider, api_key="sk-two"))
        self.assertEqual(self.saved().api_key, "sk-two")

    def test_key_can_be_forgotten(self):
        save_provider(provider=self.provider, forget_key=True)
        self.assertFalse(self.saved().has_api_key)

    def test_environment_is_not_changed_here(self):
        with self.assertRaises(Refusal):
            save_provider(provider=Provider.objects.environment(), api_key="sk")


class AskProviderTests(TestCase):
    """In a loop of their own each, whose connections are closed with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.upstream = cls.enterClassContext(ScriptedProvider())

    def setUp(self):
        self.upstream.forget_scripts()
        self.provider = Provider(name="Ours", base_url=self.upstream.base_url)
        save_provider(provider=self.provider, api_key=self.upstream.api_key)

    async def ask(self, action):
        try:
            return await sync_to_async(action)(provider=self.provider)
        finally:
            await llm.aclose()

    async def test_missing_models_are_added_once(self):
        await self.provider.models.acreate(api_name="scripted-1")
        self.assertEqual(await self.ask(fetch_models), ["scripted-2"])
        self.assertEqual(await self.ask(fetch_models), [])
        self.assertEqual(await self.provider.models.acount(), 2)

    async def test_fetching_leaves_what_was_set_by_hand(self):
        await self.provider.models.acreate(api_name="scripted-1", prompt_price=5)
        await self.ask(fetch_models)
        model = await self.provider.models.aget(api_name="scripted-1")
        self.assertEqual(model.prompt_price, 5)

    async def test_connection_without_models_of_ours_lists_theirs(self):
        found = await self.ask(check_connection)
        self.assertEqual(found.models, ["scripted-1", "scripted-2"])
        self.assertIsNone(found.first_token_ms)

    async def test_connection_hears_a_model(self):
        await self.provider.models.acreate(api_name="scripted-2")
        found = await self.ask(check_connection)
        self.assertEqual(found.model, "scripted-2")
        self.assertIsInstance(found.first_token_ms, int)

    async def test_wrong_key_is_the_providers_error(self):
        self.provider.set_api_key("wrong")
        with self.assertRaises(llm.ProviderError) as caught:
            await self.ask(check_connection)
        self.assertEqual(caught.exception.code, "key_rejected")
