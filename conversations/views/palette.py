from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conversations import palette

from .framing import render_framed

MOST_LETTERS = 100  # of what is typed


@require_GET
@never_cache
def palette_list(request):
    """What `q` names, as the options of the palette."""
    query = request.GET.get("q", "")[:MOST_LETTERS]
    context = {"groups": palette.groups(request.user, query), "query": query.strip()}
    return render(request, "conversations/palette_options.html", context)


@require_GET
def shortcut_list(request):
    """The keys that do something, on a page or for the dialog of one."""
    if "fragment" in request.GET:
        return render(request, "conversations/shortcut_table.html")
    return render_framed(request, "conversations/shortcut_list.html")
