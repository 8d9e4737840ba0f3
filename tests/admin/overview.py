"""What the tests of the first page share."""

import csv
from datetime import timedelta

from django.core.cache import cache
from django.urls import reverse

from conversations.admin.overview import days
from conversations.models import LanguageModel, UsageEntry

from .base import AdminTestCase

INDEX = reverse("admin:index")


class OverviewTestCase(AdminTestCase):
    def setUp(self):
        super().setUp()
        cache.clear()
        self.addCleanup(cache.clear)

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.model = LanguageModel.objects.default()
        cls.noon = days.begins_at(days.today())

    def used(self, cost=None, *, user=None, ago=0, **fields):
        """Add a call of a model, so many days ago."""
        return UsageEntry.objects.create(
            user=user or self.alice,
            persona=self.persona,
            model=self.model,
            purpose=fields.pop("purpose", "reply"),
            cost_micros=cost,
            created_at=self.noon - timedelta(days=ago),
            **fields,
        )

    def csv(self, name):
        response = self.client.get(reverse("admin:overview_csv", args=[name]))
        self.assertEqual(response.status_code, 200)
        lines = b"".join(response.streaming_content).decode().splitlines()
        return list(csv.reader(lines))

    def figure(self, label):
        figures = self.client.get(INDEX).context["figures"]
        return next(figure for figure in figures if figure.label == label)
