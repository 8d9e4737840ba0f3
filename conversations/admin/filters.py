from django.contrib.admin import SimpleListFilter
from django.utils.translation import gettext_lazy as _

from conversations.models import Failure, LanguageModel, Persona


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

    def lookups(self, request, model_admin):
        return [(code, code) for code in Failure.values]

    def queryset(self, request, queryset):
        return queryset.filter(error_code=self.value()) if self.value() else queryset


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
