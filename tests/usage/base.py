"""A model with prices, and calls of it that somebody asks for."""

from conversations import usage
from conversations.models import Budget, LanguageModel, Provider, UsageEntry
from tests.base import ChatTestCase

MILLION = 1_000_000


def make_model(api_name="small", *, prompt_price=MILLION, completion_price=2 * MILLION):
    """Return a model that costs a millionth a prompt token, two a token of reply."""
    provider, _ = Provider.objects.get_or_create(
        name="Prices", defaults={"base_url": "http://127.0.0.1:1/v1"}
    )
    return LanguageModel.objects.create(
        provider=provider,
        api_name=api_name,
        prompt_price=prompt_price,
        completion_price=completion_price,
    )


def make_budget(amount, unit="messages", period="day", **whose):
    return Budget.objects.create(amount=amount, unit=unit, period=period, **whose)


class UsageTestCase(ChatTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.model = make_model()

    def call(self, user=None, *, purpose="reply", prompt=1000, most=500, **fields):
        """Return a Call of `user`, alice by default, of at most `most` tokens."""
        user = user or self.alice
        return usage.Call(
            user_id=user.pk,
            persona_id=fields.get("persona_id", self.persona.pk),
            model=fields.get("model", self.model),
            purpose=purpose,
            prompt_tokens=prompt,
            most_output_tokens=most,
        )

    def spend(self, user=None, *, prompt=1000, completion=500, **fields):
        call = self.call(user, prompt=prompt, most=completion, **fields)
        usage.reserve(call)
        usage.settle(call, usage.Spent(prompt, completion))
        return call

    def left(self, user=None):
        """Return what is left of the scarcest budget."""
        return usage.left_for((user or self.alice).pk, self.persona.pk)[0].amount

    def assertRefused(self, code, *args, **fields):
        with self.assertRaises(usage.Exhausted) as raised:
            usage.reserve(self.call(*args, **fields))
        self.assertEqual(raised.exception.code, code)
        return raised.exception.sentence

    def entries(self):
        return UsageEntry.objects.order_by("pk")
