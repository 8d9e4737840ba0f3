import csv
import json
import re
from itertools import chain

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from conversations.actions.audit import record_act
from conversations.streaming import StreamedResponse, attach

# Where a spreadsheet would see a formula: where a cell begins, also for one that parts
# cells by semicolons, as in languages with a decimal comma, and then minds no quotes.
_FORMULA = re.compile(r"((?:^|[;\t\r\n]) *)(?=[=+\-@\t\r\n＝＋－＠])")


class TableAdmin:
    """Mixed into a ModelAdmin: the rows its filters leave, as CSV, at `csv/`."""

    change_list_template = "admin/table_change_list.html"
    # {heading: name of a field}
    table_columns = {}

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_csv"
        view = self.admin_site.admin_view(self.csv_view)
        return [path("csv/", view, name=name), *super().get_urls()]

    @method_decorator(require_GET)
    def csv_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:  # as the list does
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
            return redirect(f"{reverse(name)}?{ERROR_FLAG}=1")
        found = csv_lines(self.table_columns, rows.iterator(1000))
        return download(request, f"{self.opts.model_name}.csv", found)


def download(request, name, found):
    """Return the lines `found` as the file `name`; who took it is in the audit log."""
    record_act(request.user, "table.exported", name)
    response = StreamedResponse(found, content_type="text/csv; charset=utf-8")
    return attach(response, name)


class _Echo:
    def write(self, line):
        return line


def csv_lines(columns, rows):
    """Return a line of headings, then one for each of `rows`."""
    values = ([getattr(row, name) for name in columns.values()] for row in rows)
    return lines(columns, values)


def lines(headings, rows):
    """Yield the headings as a line, then each of `rows`, a list of values."""
    writer = csv.writer(_Echo())
    for row in chain([headings], rows):
        yield writer.writerow([_cell(value) for value in row])


def _cell(value):
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    text = "" if value is None else str(value)
    return _FORMULA.sub(r"\1'", text)
