"""Which models answer; and the key stands nowhere."""

import pytest

from conversations.actions.providers import save_provider
from conversations.doctor import providers
from conversations.models import LanguageModel, PersonaVersion, Provider, UsageEntry
from tests.base import ChatTestCase
from tests.fakes import ScriptedProvider

from .verdicts import OK, WARNING, WRONG, verdicts


class ProviderTests(ChatTestCase):
    @pytest.fixture(autouse=True)
    def _scripted(self, settings):
        settings.OPENAI_MAX_RETRIES = 0
        with ScriptedProvider() as self.upstream:
            yield

    def add(self, name="Upstream", api_key=None, *, is_used=True):
        provider = Provider(name=name, base_url=self.upstream.base_url)
        save_provider(provider=provider, api_key=api_key or self.upstream.api_key)
        model = LanguageModel.objects.create(provider=provider, api_name="scripted-1")
        if is_used:
            PersonaVersion.objects.update(model=model)
        return provider

    def test_without_one_the_demo_model_answers(self):
        self.assertEqual(verdicts(providers.models), [WARNING])

    def test_each_model_in_use_says_a_word(self):
        self.add()
        self.assertEqual(verdicts(providers.models), [OK, OK])
        asked = [body["model"] for body in self.upstream.bodies if body]
        self.assertEqual(asked, ["scripted-1"])
        [entry] = UsageEntry.objects.all()
        self.assertEqual((entry.purpose, entry.model.api_name), ("test", asked[0]))

    def test_a_model_that_nobody_uses_costs_nothing(self):
        self.add(is_used=False)
        self.assertEqual(verdicts(providers.models), [OK])
        self.assertFalse(any(self.upstream.bodies))
        self.assertFalse(UsageEntry.objects.exists())

    def test_a_wrong_key_is_told_of_and_not_told(self):
        self.add(api_key="sk-not-this-one")
        found = providers.models()
        self.assertEqual(verdicts(found), [WRONG, WRONG])
        self.assertIn("key", found[0].repair)
        self.assertNotIn("sk-not", repr(found))

    def test_one_that_fails_keeps_no_other_from_answering(self):
        self.add()
        self.upstream.fail(500)
        self.assertEqual(verdicts(providers.models), [OK, WRONG])

    def test_one_that_hangs_is_given_up(self):
        self.add()
        self.upstream.no_headers()
        before, providers.PATIENCE_SECONDS = providers.PATIENCE_SECONDS, 0.5
        self.addCleanup(setattr, providers, "PATIENCE_SECONDS", before)
        self.assertEqual(verdicts(providers.models), [OK, WRONG])

    def test_a_key_that_cannot_be_read_any_more(self):
        self.add()
        self.assertEqual(verdicts(providers.keys), [OK])
        with self.settings(SECRET_KEY="another" * 10):
            self.assertEqual(verdicts(providers.keys), [WRONG])
