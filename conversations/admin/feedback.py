from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conversations.models import Feedback

from .filters import PersonaFilter
from .read_only import ReadOnlyAdmin


class FeedbackPersonaFilter(PersonaFilter):
    lookup = "reply__generation__persona_version__persona"


@admin.register(Feedback)
class FeedbackAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    """What people thought of replies, for whoever edits personas.

    Neither who said so nor what was talked about stands here: the notes alone.
    """

    list_display = ["verdict", "note", "persona_name", "version_number", "given_at"]
    list_filter = ["verdict", FeedbackPersonaFilter, "given_at"]
    list_select_related = ["reply__generation__persona_version__persona"]
    fields = ["verdict", "note", "persona_name", "version_number", "given_at"]
    ordering = ["-given_at", "-pk"]
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    list_per_page = 50

    def has_view_permission(self, request, obj=None):
        may_edit = request.user.has_perm("conversations.change_persona")
        return may_edit or super().has_view_permission(request, obj)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_queryset(self, request):
        """The reply is left out: its text has no business here.

        So are replies that were not written here: a file says what it likes.
        """
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        rows = rows.filter(reply__generation__started_at__isnull=False)
        texts = ("text", "html", "reasoning", "reasoning_html")
        long = ("instructions", "greeting", "starters")
        version = "reply__generation__persona_version"
        return rows.defer(
            *(f"reply__{name}" for name in texts),
            *(f"{version}__{name}" for name in long),
        )

    @admin.display(description=_("persona"))
    def persona_name(self, feedback):
        return feedback.reply.persona.name

    @admin.display(description=_("version"))
    def version_number(self, feedback):
        return feedback.reply.generation.persona_version.number
