from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from conversations.actions.reports import close_report
from conversations.actions.snapshots import name_of
from conversations.models import Message, Report

from .filters import PersonaFilter
from .read_only import ReadOnlyAdmin

CLOSED = (Report.State.RESOLVED, Report.State.DISMISSED)


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    """What people have shown to the moderators: that branch, and no more.

    Who may view reports reads it; who may change them closes them.
    """

    list_display = ["id", "created_at", "reason", "persona", "state", "closed_by"]
    list_filter = ["state", "reason", PersonaFilter, "created_at"]
    list_select_related = ["persona", "closed_by"]
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    ordering = ["-created_at", "-pk"]
    list_per_page = 50
    change_form_template = "admin/conversations/report/change_form.html"
    fieldsets = [
        (None, {"fields": ["reason", "note", "messages"]}),
        (
            gettext_lazy("Who and when"),
            {"fields": ["reporter", "owner", "persona", "created_at", "conversation"]},
        ),
        (
            gettext_lazy("What became of it"),
            {"fields": ["state", "closed_by", "closed_at"]},
        ),
    ]

    def get_queryset(self, request):
        """The list is without what was said."""
        rows = super().get_queryset(request)
        is_list = request.resolver_match.url_name.endswith("_changelist")
        return rows.defer("content") if is_list else rows

    @admin.display(description=gettext_lazy("What was reported"))
    def messages(self, report):
        """The branch as it was, as text; what was reported is its end."""
        rows = [(_author(item), item["text"]) for item in report.content]
        return format_html_join(
            "",
            '<div class="reported"><b>{}</b><div dir="auto">{}</div></div>',
            rows,
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        report = self.get_object(request, object_id)
        context = {"may_close": report and report.is_open and self.may_close(request)}
        context |= extra_context or {}
        return super().change_view(request, object_id, form_url, context)

    def may_close(self, request):
        return request.user.has_perm("conversations.change_report")

    def get_urls(self):
        view = self.admin_site.admin_view(self.report_close)
        name = "conversations_report_close"
        return [
            path("<int:report_id>/close/<slug:state>/", view, name=name),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def report_close(self, request, report_id, state):
        if not self.may_close(request):
            raise PermissionDenied
        if state not in CLOSED:
            raise Http404
        report = get_object_or_404(Report.objects.defer("content"), pk=report_id)
        close_report(report=report, state=state, moderator=request.user)
        messages.success(request, _("The report is closed."))
        return redirect("admin:conversations_report_changelist")


def _author(item):
    if item["role"] == Message.Role.ASSISTANT:
        return (item["persona"] or {}).get("name", "")
    return name_of(item["author"]) or _("A person")
