from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from conversations.models import AuditEntry

from .read_only import ReadOnlyAdmin
from .tables import TableAdmin


class VerbFilter(admin.SimpleListFilter):
    title = _("what was done")
    parameter_name = "verb"

    def lookups(self, request, model_admin):
        verbs = AuditEntry.objects.order_by("verb").values_list("verb", flat=True)
        return [(verb, verb) for verb in verbs.distinct()]

    def queryset(self, request, queryset):
        return queryset.filter(verb=self.value()) if self.value() else queryset


class ActorFilter(admin.SimpleListFilter):
    title = _("who")
    parameter_name = "actor"

    def lookups(self, request, model_admin):
        rows = AuditEntry.objects.exclude(actor_name="").order_by("actor_name")
        names = rows.values_list("actor_name", flat=True).distinct()
        return [(name, name) for name in names]

    def queryset(self, request, queryset):
        return queryset.filter(actor_name=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin, TableAdmin, admin.ModelAdmin):
    """What administrators did. Nobody can change it: neither here nor elsewhere."""

    list_display = ["number", "at", "actor", "verb", "target", "what_changed", "reason"]
    list_filter = ["at", VerbFilter, ActorFilter, "target_kind"]
    search_fields = ["=target_id", "target_name", "=actor_name", "reason"]
    search_help_text = _("Whose or what name, an id, words of the reason.")
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    ordering = ["-number"]
    list_per_page = 50
    fields = [
        "number",
        "at",
        "actor",
        "verb",
        "target",
        "what_changed",
        "reason",
        "hash",
    ]
    table_columns = {
        "number": "number",
        "at": "at",
        "actor_id": "actor_id",
        "actor_name": "actor_name",
        "verb": "verb",
        "target_kind": "target_kind",
        "target_id": "target_id",
        "target_name": "target_name",
        "changes": "changes",
        "reason": "reason",
        "hash": "hash",
    }

    @admin.display(description=_("who"), ordering="actor_name")
    def actor(self, entry):
        if entry.actor_name or entry.actor_id is None:
            return entry.actor_name or "–"
        return _("person %(number)d") % {"number": entry.actor_id}

    @admin.display(description=_("to what"))
    def target(self, entry):
        kind = f"{entry.target_kind} {entry.target_id}".strip()
        return " · ".join(filter(None, [kind, entry.target_name])) or "–"

    @admin.display(description=_("changes"))
    def what_changed(self, entry):
        rows = [(name, _told(change)) for name, change in entry.changes.items()]
        return format_html_join("", '<div class="change">{}: {}</div>', rows) or "–"


def _told(change):
    if not isinstance(change, list) or len(change) != 2:
        return change
    before, after = (_one(value) for value in change)
    return f"{before} → {after}"


def _one(value):
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return "–" if value in (None, "") else value
