from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.actions.budgets import save_budget
from conversations.models import Budget, BudgetPeriod, LanguageModel
from conversations.models.budgets import shown

from .inlines import FewNew
from .labels import PlainLabels
from .models import MICRO, shown_price

WHOSE = ["user", "group", "persona"]
WHAT = ["unit", "amount", "period", "is_for_each"]


class BudgetForm(PlainLabels, forms.ModelForm):
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"),
        min_value=0,
        max_digits=18,  # in millionths the column holds a few more
        decimal_places=6,
        help_text=gettext_lazy(
            "Money in your currency, as 12.50; tokens and messages as whole numbers."
        ),
        widget=forms.NumberInput(attrs={"step": "any"}),
    )

    class Meta:
        model = Budget
        fields = [*WHOSE, *WHAT]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.unit == Budget.Unit.MONEY:
            self.initial["amount"] = shown_price(self.instance.amount)

    def clean(self):
        cleaned = super().clean()
        amount = cleaned.get("amount")
        if amount is None or cleaned.get("unit") == Budget.Unit.MONEY:
            return cleaned
        if amount != amount.to_integral_value():
            self.add_error("amount", _("Write a whole number."))
        cleaned["amount"] = int(amount)
        return cleaned

    def save(self, commit=True):
        budget = super().save(commit=False)
        if budget.unit == Budget.Unit.MONEY:
            budget.amount = int(self.cleaned_data["amount"] * MICRO)
        if commit:
            save_budget(budget=budget)
        return budget


class BudgetInline(FewNew, admin.TabularInline):
    """The budgets of a group, on its page."""

    model = Budget
    form = BudgetForm
    fields = WHAT
    extra = 0


class UserSelect(AutocompleteSelect):
    """Shows who was chosen; what can be no id is nobody. Django's breaks on it."""

    def optgroups(self, name, value, attrs=None):
        ids = [pk for pk in value if pk.isascii() and pk.isdecimal() and len(pk) < 19]
        return super().optgroups(name, ids, attrs)


class UsedChangeList(ChangeList):
    """Looks up what is used of the budgets on this page only, in one query."""

    def get_results(self, request):
        super().get_results(request)
        rows = list(self.result_list)
        now = BudgetPeriod.objects.current(timezone.now()).filter(budget__in=rows)
        used = dict(now.values_list("budget").annotate(Max("used")))
        for budget in rows:
            budget.most_used = used.get(budget.pk, 0)
        self.result_list = rows


@admin.register(Budget)
class BudgetAdmin(admin.ModelAdmin):
    form = BudgetForm
    list_display = ["whose", "how_much", "period", "is_for_each", "used", "again"]
    list_filter = ["unit", "period", "group", "persona"]
    list_select_related = WHOSE
    search_fields = ["user__username", "group__name", "persona__name"]
    autocomplete_fields = ["user"]
    show_facets = admin.ShowFacets.NEVER
    fieldsets = [
        (
            gettext_lazy("Who has it"),
            {
                "fields": [*WHOSE, "is_for_each"],
                "description": gettext_lazy(
                    "Choose a user, a group or a persona, or none of them for the "
                    "whole site. All budgets that apply to a message must have room "
                    "for it."
                ),
            },
        ),
        (
            gettext_lazy("How much"),
            {
                "fields": ["unit", "amount", "period"],
                "description": gettext_lazy(
                    "It is refilled by the calendar of the site's time zone. Where a "
                    "budget in money applies, models without a price are not asked: "
                    "what they cost is unknown, and that is not free."
                ),
            },
        ),
    ]

    def get_changelist(self, request, **kwargs):
        return UsedChangeList

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "user":
            kwargs["widget"] = UserSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("whose"))
    def whose(self, budget):
        return budget.whose

    @admin.display(description=gettext_lazy("amount"))
    def how_much(self, budget):
        return budget.shown_amount

    @admin.display(description=gettext_lazy("used"))
    def used(self, budget):
        """What is used of it now; of one that each person has, by whom it is most."""
        used = budget.most_used
        percent = round(100 * used / budget.amount) if budget.amount else 100
        said = _("%(used)s, %(percent)d %%")
        if budget.is_for_each:
            said = _("at most %(used)s, %(percent)d %%")
        return format_html(
            '<meter min="0" max="100" high="80" value="{}" aria-hidden="true"></meter>'
            " {}",
            min(100, percent),
            said % {"used": shown(budget.unit, used), "percent": percent},
        )

    @admin.display(description=gettext_lazy("refilled on"))
    def again(self, budget):
        when = budget.refills_at(timezone.now())
        return date_format(timezone.localtime(when), "DATETIME_FORMAT") if when else "–"

    def save_model(self, request, obj, form, change):
        save_budget(budget=obj)
        unpriced = LanguageModel.objects.without_price()
        if obj.unit == Budget.Unit.MONEY and unpriced:
            names = ", ".join(model.api_name for model in unpriced[:10])
            messages.warning(
                request,
                _("These models have no price and are not asked under it: %s.") % names,
            )
