from decimal import Decimal

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conversations.models import LanguageModel, Persona, SiteSettings

from .labels import PlainLabels

MICRO = 1_000_000
PRICES = ["prompt_price", "cached_price", "completion_price"]
ANSWERS = _(
    "%(name)s answers by it, and would by the site's own. On its page, choose another "
    "model first."
)
WRITES_TITLES = _(
    "It writes the titles, and the site's own would. In the site's settings, choose "
    "another model first."
)


class PriceField(forms.DecimalField):
    """A price for a million tokens in the currency; kept in millionths of it."""

    def __init__(self, **kwargs):
        super().__init__(
            required=False, min_value=0, max_digits=12, decimal_places=6, **kwargs
        )
        self.widget.attrs |= {"step": "any", "placeholder": "–"}

    def prepare_value(self, value):
        return shown_price(value) if isinstance(value, int) else value

    def clean(self, value):
        price = super().clean(value)
        return None if price is None else int(price * MICRO)

    def has_changed(self, initial, data):
        before = shown_price(initial)
        return super().has_changed(None if before is None else Decimal(before), data)


def shown_price(micros):
    """Return 2_500_000 as Decimal("2.5"); None as None."""
    if micros is None:
        return None
    return f"{(Decimal(micros) / MICRO).normalize():f}"


class LanguageModelForm(PlainLabels, forms.ModelForm):
    prompt_price = PriceField(
        label=_("Price of prompt tokens"),
        help_text=_("In your currency, for a million tokens: 2.50. Empty: unknown."),
    )
    cached_price = PriceField(
        label=_("Price of cached prompt tokens"),
        help_text=_("The same way. Empty: they cost what the others do."),
    )
    completion_price = PriceField(
        label=_("Price of completion tokens"),
        help_text=_("The same way. Empty: unknown."),
    )

    class Meta:
        model = LanguageModel
        fields = [
            "provider",
            "api_name",
            "context_window_tokens",
            "max_output_tokens",
            "accepts_temperature",
            "groups",
            *PRICES,
        ]
        widgets = {"groups": forms.CheckboxSelectMultiple}


@admin.register(LanguageModel)
class LanguageModelAdmin(admin.ModelAdmin):
    form = LanguageModelForm
    list_display = [
        "api_name",
        "provider",
        "context_window_tokens",
        "max_output_tokens",
        "accepts_temperature",
        "prices",
    ]
    list_filter = ["provider"]
    list_select_related = ["provider"]
    search_fields = ["api_name", "provider__name"]
    show_facets = admin.ShowFacets.NEVER
    ordering = ["provider__name", "api_name"]
    fieldsets = [
        (None, {"fields": ["provider", "api_name"]}),
        (
            _("What it can do"),
            {
                "fields": [
                    "context_window_tokens",
                    "max_output_tokens",
                    "accepts_temperature",
                ]
            },
        ),
        (_("What it costs"), {"fields": PRICES}),
        (_("Who may use it"), {"fields": ["groups"]}),
    ]

    @admin.display(description=_("price in, cached, out"))
    def prices(self, model):
        found = [shown_price(getattr(model, name)) or "–" for name in PRICES]
        return " · ".join(found)

    def get_deleted_objects(self, objs, request):
        *found, protected = super().get_deleted_objects(objs, request)
        return *found, [*protected, *needed(objs)]


def needed(models):
    """Say who needs these: without them, others would be sent what people write.

    Retired personas too, as they may come back; what one was told before is let go.
    """
    pks = [model.pk for model in models]
    for persona in Persona.objects.filter(version__model__in=pks):
        yield ANSWERS % {"name": persona}
    if SiteSettings.objects.filter(title_model__in=pks).exists():
        yield WRITES_TITLES
