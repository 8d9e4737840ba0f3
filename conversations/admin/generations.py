from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from conversations.models import Generation

from .filters import ErrorFilter, GenerationPersonaFilter, LanguageModelFilter
from .read_only import ReadOnlyAdmin
from .tables import TableAdmin


@admin.register(Generation)
class GenerationAdmin(ReadOnlyAdmin, TableAdmin, admin.ModelAdmin):
    """How replies came about: what failed, was slow or dear. Never the text."""

    list_display = [
        "id",
        "created_at",
        "state",
        "error",
        "error_status",
        "persona_name",
        "model_label",
        "tokens",
        "first_token",
    ]
    # No date_hierarchy: it reads every row there is, two seconds for half a million.
    list_filter = [
        "created_at",
        "state",
        ErrorFilter,
        LanguageModelFilter,
        GenerationPersonaFilter,
    ]
    list_select_related = ["model__provider", "persona_version__persona"]
    search_fields = ["=id", "=request_id", "=trace_id"]
    search_help_text = _(
        "The number of a reply, the provider's request id, or the id in the log."
    )
    show_facets = admin.ShowFacets.NEVER
    ordering = ["-pk"]
    show_full_result_count = False
    list_per_page = 50
    table_columns = {
        name: name
        for name in (
            "id",
            "created_at",
            "state",
            "error_code",
            "error_status",
            "persona_version_id",
            "model_id",
            "prompt_tokens",
            "cached_tokens",
            "completion_tokens",
            "reasoning_tokens",
            "cost_micros",
            "first_token_ms",
            "started_at",
            "ended_at",
        )
    }
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "state",
                    "error",
                    "error_code",
                    "error_status",
                    "finish_reason",
                ]
            },
        ),
        (
            _("Who wrote it"),
            {
                "fields": [
                    "persona_version",
                    "model_label",
                    "model_name",
                    "request_id",
                    "trace_id",
                ]
            },
        ),
        (
            _("What it took"),
            {
                "fields": [
                    "prompt_tokens",
                    "cached_tokens",
                    "completion_tokens",
                    "reasoning_tokens",
                    "cost",
                    "first_token",
                ]
            },
        ),
        (
            _("When and where"),
            {
                "fields": [
                    "created_at",
                    "started_at",
                    "ended_at",
                    "heartbeat_at",
                    "owner",
                    "conversation",
                ]
            },
        ),
    ]

    def get_queryset(self, request):
        """The message is left out: its text has no business here."""
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        texts = ("instructions", "greeting", "starters")
        return rows.defer(*(f"persona_version__{name}" for name in texts))

    @admin.display(description=_("error code"), ordering="error_code")
    def error(self, generation):
        return generation.error_code or "–"

    @admin.display(description=_("persona"), ordering="persona_version__persona__name")
    def persona_name(self, generation):
        return generation.persona_version.persona.name

    @admin.display(description=_("language model"), ordering="model__api_name")
    def model_label(self, generation):
        return generation.model or "–"

    @admin.display(description=_("tokens"))
    def tokens(self, generation):
        """Prompt tokens → reply tokens."""
        if generation.prompt_tokens is None:
            return "–"
        return f"{generation.prompt_tokens} → {generation.completion_tokens}"

    @admin.display(description=_("first words"), ordering="first_token_ms")
    def first_token(self, generation):
        milliseconds = generation.first_token_ms
        return "–" if milliseconds is None else f"{milliseconds} ms"

    @admin.display(description=_("cost"))
    def cost(self, generation):
        micros = generation.cost_micros
        return "–" if micros is None else f"{micros / 1_000_000:.6f}"

    @admin.display(description=_("conversation"))
    def conversation(self, generation):
        pk = generation.message.conversation_id
        address = reverse("admin:conversations_conversation_change", args=[pk])
        return format_html('<a href="{}">{}</a>', address, pk)
