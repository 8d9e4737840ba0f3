from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy

from conversations.actions.snippets import save_snippet
from conversations.forms.snippets import SnippetForm
from conversations.models import Snippet

from .labels import PlainLabels


class AdminSnippetForm(PlainLabels, SnippetForm):
    pass


@admin.register(Snippet)
class SnippetAdmin(admin.ModelAdmin):
    """The site's prompts, which everybody may use. People's own are not shown."""

    form = AdminSnippetForm
    list_display = ["name", "beginning"]
    search_fields = ["name", "text"]
    show_facets = admin.ShowFacets.NEVER

    @admin.display(description=gettext_lazy("text"))
    def beginning(self, snippet):
        return Truncator(snippet.text).chars(100)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(owner=None)

    def save_model(self, request, obj, form, change):
        save_snippet(snippet=obj, **form.cleaned_data)
