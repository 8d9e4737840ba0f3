from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation, Message

from .filters import PersonaFilter
from .read_only import ReadOnlyAdmin
from .tables import TableAdmin


class CountingChangeList(ChangeList):
    """Counts the messages of the rows on this page only, in one query."""

    def get_results(self, request):
        super().get_results(request)
        rows = list(self.result_list)
        counts = dict(
            Message.objects.filter(conversation__in=[row.pk for row in rows])
            .order_by()
            .values_list("conversation")
            .annotate(Count("pk"))
        )
        for row in rows:
            row.message_total = counts.get(row.pk, 0)
        self.result_list = rows


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin, TableAdmin, admin.ModelAdmin):
    """That somebody talked to a persona, and how much. Never what was said."""

    list_display = ["id", "owner", "persona", "messages", "created_at", "updated_at"]
    list_filter = [PersonaFilter]
    list_select_related = ["owner", "persona"]
    search_fields = ["=id", "=owner__username", "=owner__email"]
    search_help_text = _("The id, or the owner's whole user name or e-mail.")
    show_facets = admin.ShowFacets.NEVER
    ordering = ["-updated_at", "-pk"]
    show_full_result_count = False
    list_per_page = 50
    table_columns = {
        name: name
        for name in (
            "id",
            "owner_id",
            "persona_id",
            "created_at",
            "updated_at",
            "replied_at",
            "archived_at",
            "deleted_at",
        )
    }
    fields = [
        "id",
        "owner",
        "persona",
        "messages",
        "created_at",
        "updated_at",
        "replied_at",
        "archived_at",
        "deleted_at",
    ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """With the way to read it, for those whom the site's policy lets."""
        row = self.get_object(request, unquote(object_id))
        askable = Conversation.objects.askable_by(request.user)
        context = {"may_be_read": row and askable.filter(pk=row.pk).exists()}
        context |= extra_context or {}
        return super().change_view(request, object_id, form_url, context)

    def get_changelist(self, request, **kwargs):
        return CountingChangeList

    def get_queryset(self, request):
        return super().get_queryset(request).defer("title")

    @admin.display(description=_("messages"))
    def messages(self, conversation):
        total = getattr(conversation, "message_total", None)
        return conversation.messages.count() if total is None else total
