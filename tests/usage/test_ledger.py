"""Every call has its row, and takes from the budgets what it took."""

from datetime import timedelta
from unittest import mock

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.utils import timezone

from conversations import usage
from conversations.generation import spending
from conversations.models import BudgetPeriod, UsageEntry

from .base import MILLION, UsageTestCase, make_budget, make_model

State = UsageEntry.State


class EntryTests(UsageTestCase):
    def test_a_call_without_any_budget_is_one_row_once_it_has_ended(self):
        call = self.call()
        with self.assertNumQueries(0):  # whether there is a budget is known
            self.assertEqual(usage.reserve(call), 500)
        with self.assertNumQueries(1):
            usage.settle(call, usage.Spent(1000, 500))
        entry = self.entries().get()
        self.assertEqual((entry.user, entry.persona), (self.alice, self.persona))
        self.assertEqual((entry.state, entry.cost_micros), (State.SETTLED, 2000))

    def test_nothing_is_asked_while_nobody_knows_of_a_budget(self):
        make_budget(0)
        with (
            connection.execute_wrapper(mock.Mock(side_effect=OperationalError)),
            self.assertRaises(OperationalError),
        ):
            usage.reserve(self.call())

    def test_the_price_is_the_one_of_that_moment(self):
        self.spend()
        self.model.prompt_price = 5 * MILLION
        self.model.save()
        self.spend()
        costs = [entry.cost_micros for entry in self.entries()]
        self.assertEqual(costs, [2000, 6000])

    def test_an_unknown_price_is_unknown_and_not_free(self):
        model = make_model("new", prompt_price=None)
        self.spend(model=model)
        self.assertIsNone(self.entries().get().cost_micros)

    def test_the_ledger_is_only_added_to(self):
        self.spend()
        entry = self.entries().get()
        entry.cost_micros = 1
        with self.assertRaises(ValidationError):
            entry.save()

    def test_who_is_erased_leaves_the_sums(self):
        self.spend()
        self.alice.delete()
        entry = self.entries().get()
        self.assertIsNone(entry.user)
        self.assertEqual(entry.cost_micros, 2000)


class ReservingTests(UsageTestCase):
    def test_what_is_reserved_is_gone_until_it_is_settled(self):
        make_budget(10_000, "tokens", user=self.alice)
        call = self.call(prompt=1000, most=500)
        usage.reserve(call)
        self.assertEqual(self.left(), 8_500)
        usage.settle(call, usage.Spent(900, 100))
        self.assertEqual(self.left(), 9_000)
        self.assertEqual(self.entries().get().state, State.SETTLED)

    def test_what_came_to_nothing_is_given_back(self):
        make_budget(1, user=self.alice)
        call = self.call()
        usage.reserve(call)
        self.assertRefused("budget")
        usage.settle(call, None)
        self.assertEqual(self.left(), 1)
        self.assertEqual(self.entries().get().state, State.RELEASED)

    def test_settling_twice_is_settling_once(self):
        make_budget(10_000, "tokens", user=self.alice)
        call = self.spend()
        usage.settle(call, usage.Spent(5000, 0))
        self.assertEqual(self.left(), 8_500)

    def test_the_estimate_of_a_title_is_none_of_its_reply(self):
        call = self.call(purpose="title")
        call.generation_id = self.reply.generation.pk
        usage.settle(call, usage.Spent(10, 10, is_estimated=True))
        self.assertIsNone(spending.estimate_of(self.reply.generation))

    def test_an_estimate_is_put_right_once(self):
        make_budget(10_000, "tokens", user=self.alice)
        call = self.call()
        usage.reserve(call)
        usage.settle(call, usage.Spent(1000, 10, is_estimated=True))
        usage.settle(call, usage.Spent(1000, 200))
        self.assertEqual(self.left(), 8_800)

    def test_a_reply_is_no_longer_than_what_is_left_pays_for(self):
        make_budget(2_000, "tokens", user=self.alice)
        self.assertEqual(usage.reserve(self.call(prompt=1000, most=None)), 1000)
        make_budget(MILLION, "money", user=self.bob)
        self.assertEqual(usage.reserve(self.call(self.bob, most=None)), 4096)
        make_budget(3_000, "money", user=self.carol)
        self.assertEqual(usage.reserve(self.call(self.carol, most=None)), 1000)

    def test_a_budget_in_messages_leaves_the_length_alone(self):
        make_budget(5, user=self.alice)
        self.assertIsNone(usage.reserve(self.call(most=None)))

    def test_too_little_is_said_to_be_too_little(self):
        make_budget(1_100, "tokens", user=self.alice)
        sentence = self.assertRefused("budget", most=None)
        self.assertIn("Too little is left for this: 1,100 tokens.", sentence)
        self.assertEqual(self.left(), 1_100)

    def test_without_a_price_no_money_is_spent(self):
        make_budget(MILLION, "money", user=self.alice)
        unpriced = make_model("new", completion_price=None)
        self.assertRefused("price_unknown", model=unpriced)

    def test_a_title_is_no_message_and_still_costs(self):
        make_budget(0, user=self.alice)
        budget = make_budget(10_000, "tokens", user=self.alice)
        self.spend(purpose="title")
        period = BudgetPeriod.objects.get(budget=budget)
        self.assertEqual(period.used, 1500)

    def test_what_was_spent_before_there_was_a_budget_counts(self):
        self.spend()
        self.spend(self.bob)
        make_budget(10_000, "tokens")
        self.assertEqual(self.left(), 7_000)
        self.spend()
        self.assertEqual(self.left(), 5_500)

    def test_a_call_that_began_before_the_budget_is_charged_at_its_end(self):
        call = self.call()
        usage.reserve(call)
        make_budget(10_000, "tokens")
        usage.settle(call, usage.Spent(1000, 500))
        self.assertEqual(self.left(), 8_500)

    def test_a_budget_made_during_a_call_is_charged_what_the_call_took(self):
        """Though its period begins while more than that is reserved."""
        make_budget(10, user=self.alice)
        calls = [self.call(prompt=1000, most=500) for _ in range(2)]
        for call in calls:
            usage.reserve(call)
        make_budget(10_000, "tokens")
        self.spend(self.bob)
        self.assertEqual(self.left(self.bob), 5_500)
        usage.settle(calls[0], usage.Spent(1000, 100))
        self.assertEqual(self.left(self.bob), 5_900)
        usage.settle(calls[1], None)
        self.assertEqual(self.left(self.bob), 7_400)

    def test_what_nobody_calls_any_more_is_let_go(self):
        make_budget(2, user=self.alice)
        for _ in range(2):
            usage.reserve(self.call(purpose="trial"))
        old = timezone.now() - timedelta(hours=2)
        first = self.entries().first()
        UsageEntry.objects.filter(pk=first.pk).update(created_at=old)
        self.assertEqual(usage.release_stale(), 1)
        self.assertEqual(self.left(), 1)
        self.assertEqual(usage.release_stale(), 0)


class WhoseTests(UsageTestCase):
    """Which budgets a call takes from; all of them must have room."""

    def setUp(self):
        super().setUp()
        self.group = Group.objects.create(name="Year 9")
        self.group.user_set.add(self.alice, self.bob)

    def test_a_group_shares_a_pot(self):
        make_budget(2, group=self.group)
        self.spend()
        self.spend(self.bob)
        self.assertIn("“Year 9” is used up", self.assertRefused("budget"))
        self.assertRefused("budget", self.bob)
        self.spend(self.carol)

    def test_each_member_of_a_group_has_their_own(self):
        make_budget(1, group=self.group, is_for_each=True)
        self.spend()
        self.assertIn("Your budget of 1 message", self.assertRefused("budget"))
        self.spend(self.bob)
        self.spend(self.carol)

    def test_a_persona_and_the_site_have_theirs(self):
        make_budget(1, persona=self.persona)
        make_budget(2)
        self.spend()
        self.assertRefused("budget", self.bob)
        self.spend(self.bob, persona_id=None)
        self.assertRefused("budget", self.bob, persona_id=None)

    def test_everybody_has_their_own_of_the_sites(self):
        make_budget(1, is_for_each=True)
        self.spend()
        self.spend(self.carol)
        self.assertRefused("budget", self.carol)

    def test_the_strictest_holds_and_nothing_is_taken_from_the_others(self):
        make_budget(100, user=self.alice)
        make_budget(0, group=self.group)
        self.assertRefused("budget")
        used = BudgetPeriod.objects.filter(used__gt=0)
        self.assertFalse(used.exists())
