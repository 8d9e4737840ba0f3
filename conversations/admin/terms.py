from django import forms
from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from conversations.actions.terms import save_terms
from conversations.models import Terms

from .translated import TranslatedFields, translated_names


class TermsForm(TranslatedFields, forms.ModelForm):
    class Meta:
        model = Terms
        fields = ["version", "text", "in_force_since"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 20, "class": "vLargeTextField"})
        }


@admin.register(Terms)
class TermsAdmin(admin.ModelAdmin):
    """A new version begins as the newest; one in force stands as people accepted it."""

    form = TermsForm
    list_display = ["version", "in_force_since", "accepted_by"]
    search_fields = ["version"]
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(total=Count("acceptances"))

    @admin.display(description=_("acceptances"), ordering="total")
    def accepted_by(self, terms):
        return terms.total

    def get_changeform_initial_data(self, request):
        newest = Terms.objects.first()
        return {"text": newest.text} if newest else {}

    def get_fieldsets(self, request, obj=None):
        text = {"fields": ["version", "text", "in_force_since"]}
        if obj and obj.is_in_force:
            return [(None, text)]
        others = {
            "fields": translated_names(),
            "description": _("Where one is empty, the text above is shown."),
            "classes": ["collapse"],
        }
        return [(None, text), (_("In other languages"), others)]

    def get_form(self, request, obj=None, change=False, **kwargs):
        # The fields of other languages are made with the form.
        if not (obj and obj.is_in_force):
            kwargs["fields"] = TermsForm.Meta.fields
        return super().get_form(request, obj, change, **kwargs)

    def render_change_form(self, request, context, **kwargs):
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, **kwargs)

    def save_model(self, request, obj, form, change):
        save_terms(terms=obj)

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or not obj.is_in_force
        return is_open and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        is_open = obj is not None and not obj.is_in_force
        return is_open and super().has_delete_permission(request, obj)
