from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conversations.models import UsageEntry
from conversations.models.budgets import shown_money

from .read_only import ReadOnlyAdmin
from .tables import TableAdmin


@admin.register(UsageEntry)
class UsageEntryAdmin(ReadOnlyAdmin, TableAdmin, admin.ModelAdmin):
    """Every call of a model, by whom, and what it cost. Nothing of what was said."""

    list_display = [
        "created_at",
        "purpose",
        "user",
        "persona",
        "model",
        "tokens",
        "cost",
        "state",
    ]
    list_display_links = ["created_at"]
    list_filter = [
        "created_at",
        "purpose",
        "state",
        "is_estimated",
        "persona",
        "model",
        "user__groups",
    ]
    list_select_related = ["user", "persona", "model__provider"]
    show_facets = admin.ShowFacets.NEVER
    ordering = ["-pk"]
    show_full_result_count = False
    list_per_page = 50
    fieldsets = [
        (None, {"fields": ["purpose", "state", "user", "persona", "generation"]}),
        (
            _("What it took"),
            {
                "fields": [
                    "prompt_tokens",
                    "cached_tokens",
                    "completion_tokens",
                    "reasoning_tokens",
                    "is_estimated",
                    "cost",
                ]
            },
        ),
        (_("Of which model"), {"fields": ["model", "provider", "prices_then"]}),
        (_("When"), {"fields": ["created_at", "settled_at"]}),
    ]
    table_columns = {
        "created_at": "created_at",
        "purpose": "purpose",
        "state": "state",
        "user_id": "user_id",
        "persona_id": "persona_id",
        "model_id": "model_id",
        "prompt_tokens": "prompt_tokens",
        "cached_tokens": "cached_tokens",
        "completion_tokens": "completion_tokens",
        "reasoning_tokens": "reasoning_tokens",
        "is_estimated": "is_estimated",
        "cost_micros": "cost_micros",
    }

    def lookup_allowed(self, lookup, value, request):
        return lookup == "user__id__exact" or super().lookup_allowed(
            lookup, value, request
        )

    @admin.display(description=_("tokens"))
    def tokens(self, entry):
        """Prompt tokens → reply tokens."""
        sign = "≈ " if entry.is_estimated else ""
        return f"{sign}{entry.prompt_tokens} → {entry.completion_tokens}"

    @admin.display(description=_("cost"), ordering="cost_micros")
    def cost(self, entry):
        return shown_money(entry.cost_micros)

    @admin.display(description=_("price in, cached, out"))
    def prices_then(self, entry):
        """For a million tokens, as it was."""
        prices = entry.prices
        found = [prices.prompt, prices.cached, prices.completion]
        return " · ".join(shown_money(price) for price in found)
