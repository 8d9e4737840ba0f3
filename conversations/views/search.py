from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conversations import limits, search
from conversations.search.query import LONGEST

from .framing import render_framed


@require_GET
@never_cache
def search_list(request):
    """What `q` finds: the page, or for who types only what stands on it."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    before, status = _before(request), 200
    try:
        if text:
            limits.count(request.user.pk, "searches_per_minute")
        page = search.find(request.user, text, before=before)
    except limits.TooMany as refused:
        page, status = search.Page(problems=[refused.sentence]), 429
    is_vain = bool(text) and not (page.groups or before or status == 429)
    context = {
        "query": text,
        "page": page,
        "told": _told(page, text),
        "offers": search.nearest(request.user, text) if is_vain else [],
        "is_vain": is_vain,
    }
    if "fragment" in request.GET:
        template = "conversations/_search_page.html"
        return render(request, template, context, status=status)
    template = "conversations/search_list.html"
    return render_framed(request, template, status=status, **context)


def _told(page, text):
    """What a screen reader says of a page."""
    counted = {"count": page.count, "query": text}
    if page.next_before is not None:
        return _("More than %(count)d results") % counted
    if page.groups:
        found = ngettext("%(count)d result", "%(count)d results", page.count)
        return found % counted
    return _("Nothing found for “%(query)s”.") % counted


def _before(request):
    """The id that a page goes on from, negative in years before 1970."""
    before = request.GET.get("before", "")
    digits = before.removeprefix("-")
    is_id = digits.isascii() and digits.isdecimal() and len(digits) < 20
    return int(before) if is_id and int(digits) < 2**63 else None
