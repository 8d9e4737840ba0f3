from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from conversations import matching
from conversations.actions.refusals import Refusal
from conversations.actions.snippets import remove_snippet, save_snippet
from conversations.forms.snippets import SnippetForm
from conversations.models import Snippet

from .framing import render_framed

MOST_OFFERED = 8
MOST_LETTERS = 60  # of what is typed to find one


@require_GET
def snippet_list(request):
    """The prompts one may use; with `fragment`, those that `q` names, as options."""
    snippets = Snippet.objects.usable_by(request.user)
    if "fragment" in request.GET:
        query = request.GET.get("q", "")[:MOST_LETTERS]
        found = matching.best(query, list(snippets), str, most=MOST_OFFERED)
        context = {"snippets": found}
        return render(request, "conversations/snippet_options.html", context)
    context = {
        "own": [s for s in snippets if s.owner_id],
        "shared": [s for s in snippets if not s.owner_id],
    }
    return render_framed(request, "conversations/snippet_list.html", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def snippet_create(request):
    return _edit(request, Snippet(owner=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
def snippet_edit(request, snippet_id):
    return _edit(request, _own(request, snippet_id))


@require_POST
def snippet_remove(request, snippet_id):
    remove_snippet(snippet=_own(request, snippet_id))
    messages.success(request, _("The prompt was deleted."))
    return redirect("conversations:snippet_list")


def _own(request, snippet_id):
    return get_object_or_404(Snippet.objects.editable_by(request.user), pk=snippet_id)


def _edit(request, snippet):
    form = SnippetForm(
        request.POST if request.method == "POST" else None, instance=snippet
    )
    status = 200
    if request.method == "POST":
        if form.is_valid() and _save(form, snippet):
            messages.success(request, _("The prompt was saved."))
            return redirect("conversations:snippet_list")
        status = 422
    template = "conversations/snippet_form.html"
    return render_framed(request, template, status=status, form=form, snippet=snippet)


def _save(form, snippet):
    try:
        save_snippet(snippet=snippet, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error("name", refusal.detail)
        return False
    return True
