from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conversations.actions.notices import remove_notice, save_notice
from conversations.models import Notice

from .ticked_groups import TickedGroups
from .translated import TranslatedFields, translated_names


class NoticeForm(TranslatedFields, forms.ModelForm):
    class Meta:
        model = Notice
        fields = [
            "kind",
            "text",
            "audience",
            "groups",
            "starts_at",
            "ends_at",
            "may_be_dismissed",
        ]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "groups": forms.CheckboxSelectMultiple,
        }

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("It would be over before it begins."))
        of_groups = cleaned.get("audience") == Notice.Audience.GROUPS
        if of_groups and not cleaned.get("groups"):
            self.add_error("groups", _("Tick the groups that see it."))
        return cleaned


@admin.register(Notice)
class NoticeAdmin(TickedGroups, admin.ModelAdmin):
    form = NoticeForm
    list_display = ["__str__", "kind", "audience", "starts_at", "ends_at"]
    list_filter = ["kind", "audience"]
    search_fields = ["text"]
    show_facets = admin.ShowFacets.NEVER

    def get_fieldsets(self, request, obj=None):
        return [
            (_("What it says"), {"fields": ["kind", "text"]}),
            (
                _("In other languages"),
                {
                    "fields": translated_names(),
                    "description": _("Where one is empty, the text above is shown."),
                    "classes": ["collapse"],
                },
            ),
            (
                _("Whom it is for"),
                {"fields": ["audience", "groups", "may_be_dismissed"]},
            ),
            (_("When"), {"fields": [("starts_at", "ends_at")]}),
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        # The fields of other languages are made with the form.
        kwargs["fields"] = NoticeForm.Meta.fields
        return super().get_form(request, obj, change, **kwargs)

    def render_change_form(self, request, context, **kwargs):
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, **kwargs)

    def save_model(self, request, obj, form, change):
        save_notice(notice=obj, groups=form.cleaned_data["groups"])

    def save_related(self, request, form, formsets, change):
        """Nothing is left to save: `save_notice` took the groups too."""

    def delete_model(self, request, obj):
        remove_notice(notice=obj)

    def delete_queryset(self, request, queryset):
        for notice in queryset:
            remove_notice(notice=notice)
