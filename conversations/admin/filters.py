from datetime import datetime, time, timedelta

from django.contrib.admin import SimpleListFilter
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models import Failure, LanguageModel, Persona, UsageEntry
from conversations.models.budgets import site_zone


class _RowFilter(SimpleListFilter):
    """Filter by a related row, reading all the choices in one query."""

    def lookups(self, request, model_admin):
        return [(str(row.pk), str(row)) for row in self.rows()]

    def queryset(self, request, queryset):
        chosen = self.value()
        if not (chosen and chosen.isdecimal()):
            return queryset
        return queryset.filter(**{self.lookup: int(chosen)})


class ErrorFilter(SimpleListFilter):
    """Filter by error code: the sentences are for people who wait for a reply."""

    title = _("error code")
    parameter_name = "error"

    ANY = "any"

    def lookups(self, request, model_admin):
        return [(self.ANY, _("any"))] + [(code, code) for code in Failure.values]

    def queryset(self, request, queryset):
        if self.value() == self.ANY:
            return queryset.exclude(error_code="")
        return queryset.filter(error_code=self.value()) if self.value() else queryset


class ActiveFilter(SimpleListFilter):
    """Filter people by when they last asked something, in days of the site."""

    title = _("last active")
    parameter_name = "active"

    def lookups(self, request, model_admin):
        return [
            ("1", _("today")),
            ("7", _("in 7 days")),
            ("30", _("in 30 days")),
        ]

    def queryset(self, request, queryset):
        if self.value() not in ("1", "7", "30"):
            return queryset
        today = timezone.now().astimezone(site_zone()).date()
        first = today - timedelta(days=int(self.value()) - 1)
        asked = UsageEntry.objects.spent().filter(
            purpose__in=UsageEntry.MESSAGES,
            created_at__gte=datetime.combine(first, time.min, site_zone()),
        )
        return queryset.filter(pk__in=asked.values("user"))


class PersonaFilter(_RowFilter):
    title = _("persona")
    parameter_name = "persona"
    lookup = "persona"

    def rows(self):
        return Persona.objects.all()


class GenerationPersonaFilter(PersonaFilter):
    lookup = "persona_version__persona"


class LanguageModelFilter(_RowFilter):
    title = _("language model")
    parameter_name = "model"
    lookup = "model"

    def rows(self):
        return LanguageModel.objects.select_related("provider")
