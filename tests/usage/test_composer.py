"""What is left is said where one writes, before it hurts and when it is gone."""

import uuid

from django.conf import settings
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from conversations import usage
from conversations.models import BudgetPeriod, Message, PersonaVersion, SiteSettings
from tests.consumers.conftest import people, provider
from tests.usage.test_replies import asked, budget, finished

from .base import UsageTestCase, make_budget, make_model

__all__ = ["people", "provider"]


class ComposerTests(UsageTestCase):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.alice)
        self.answer_by(self.model)
        self.page = self.conversation.get_absolute_url()

    def use(self, budget, used):
        today = timezone.localdate()
        BudgetPeriod.objects.update_or_create(
            budget=budget, starts_on=today, defaults={"used": used}
        )

    def answer_by(self, model):
        PersonaVersion.objects.filter(persona=self.persona).update(model=model)

    def test_nothing_is_said_while_there_is_enough(self):
        budget = make_budget(10, user=self.alice)
        self.use(budget, 8)
        self.assertNotContains(self.client.get(self.page), "Left of")

    def test_below_a_fifth_it_is_said_where_one_writes(self):
        budget = make_budget(10, user=self.alice)
        self.use(budget, 9)
        for page in (self.page, reverse("conversations:conversation_new")):
            response = self.client.get(page)
            self.assertContains(response, "Left of your 10 messages a day: 1 message.")
            self.assertContains(response, "<meter")

    def test_of_what_is_shared_no_amounts_are_told(self):
        budget = make_budget(1000, "money")
        self.use(budget, 900)
        response = self.client.get(self.page)
        self.assertContains(response, "Left of this site&#x27;s budget: 10 %.")
        self.assertNotContains(response, settings.CURRENCY)

    def test_money_is_no_limit_where_the_model_is_free(self):
        self.use(make_budget(1000, "money"), 1000)
        self.assertContains(self.client.get(self.page), "budget is used up")
        free = make_model("free", prompt_price=0, completion_price=0)
        self.answer_by(free)
        self.assertNotContains(self.client.get(self.page), "budget is used up")
        usage.check(self.alice.pk, self.persona.pk, free)
        with self.assertRaises(usage.Exhausted):
            usage.check(self.alice.pk, self.persona.pk, self.model)
        self.use(make_budget(10), 9)
        self.assertContains(self.client.get(self.page), "Left of this site")

    def test_without_a_script_the_text_is_kept_and_the_reason_said(self):
        SiteSettings(contact="Ms Lee, room 12").save()
        make_budget(0, user=self.alice)
        url = reverse("conversations:message_send", args=[self.conversation.pk])
        data = {"text": "And ice?", "parent": self.reply.pk}
        response = self.client.post(url, data)
        self.assertContains(response, "is used up.", status_code=422)
        self.assertContains(response, ">And ice?</textarea>", status_code=422)
        self.assertContains(response, "It is refilled on", status_code=422)
        self.assertContains(
            response, "Whom to ask for more: Ms Lee, room 12.", status_code=422
        )
        self.assertFalse(Message.objects.filter(text="And ice?").exists())

    def test_without_a_script_what_is_sent_too_often_is_kept_too(self):
        url = reverse("conversations:message_send", args=[self.conversation.pk])
        with override_settings(LIMIT_MESSAGES_PER_MINUTE=1):
            for text in ("First", "Second"):
                data = {"text": text, "client_id": uuid.uuid4()}
                response = self.client.post(url, data)
        self.assertContains(response, ">Second</textarea>", status_code=422)
        self.assertContains(response, "Try again in", status_code=422)


async def test_the_page_is_told_what_a_message_left(people, provider):
    await budget(6, user=people.alice)
    tab, message = await asked(people)
    assert "<meter" not in (await tab.until("budget.changed"))["html"]
    await finished(tab, message)
    await tab.until("budget.changed")  # it has ended, and cost what it cost
    head = message
    for left in (4, 3, 2, 1):
        await tab.say("More", parent=head)
        head = (await tab.until("reply.started"))["message"]
        html = (await tab.until("budget.changed"))["html"]
        assert ("<meter" in html) == (left < 2)
        await finished(tab, head)
        await tab.until("budget.changed")
    assert "Left of your 6 messages a day: 1 message." in html


async def test_without_a_budget_no_page_is_told_anything(people, provider):
    tab, message = await asked(people)
    await finished(tab, message)
    assert not tab.of_type("budget.changed")
