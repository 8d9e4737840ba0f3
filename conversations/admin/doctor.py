"""manage.py doctor as a page: what may be wrong, and how to repair it."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conversations import doctor
from conversations.doctor import Line, Verdict, proxy


def may_examine(user):
    """It tells of the machine below: for who may also change the site's settings."""
    return user.has_perm("conversations.change_sitesettings")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def doctor_page(request):
    """What costs nothing at once; what asks others, which costs tokens, by POST."""
    if not may_examine(request.user):
        raise PermissionDenied
    is_far = request.method == "POST"
    sections = doctor.examine(far=is_far)
    if not is_far:
        _add_own_request(request, sections)
    lines = [line for section in sections for line in section.lines]
    context = {
        **admin.site.each_context(request),
        "title": _("Doctor"),
        "sections": [section for section in sections if section.lines],
        "is_far": is_far,
        "wrong": sum(line.finding.verdict is Verdict.WRONG for line in lines),
        "warnings": sum(line.finding.verdict is Verdict.WARNING for line in lines),
    }
    return TemplateResponse(request, "admin/doctor.html", context)


def _add_own_request(request, sections):
    """The request for this page came the way of all visitors."""
    section = next(section for section in sections if section.name == "proxy")
    found = proxy.judge(proxy.seen(request))
    section.lines.extend(Line("proxy.this_request", finding) for finding in found)
