from django import forms
from django.conf import settings
from django.contrib import admin
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from conversations.actions.avatars import REMOVE, make_logo
from conversations.actions.refusals import Refusal
from conversations.actions.site_settings import save_site_settings
from conversations.models import SiteSettings
from conversations.models.site_settings import ONLY

from .labels import PlainLabels


class SiteSettingsForm(PlainLabels, forms.ModelForm):
    new_logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_(
            "PNG, JPEG or WebP, at most 5 MB. It stands before the name, one line high."
        ),
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)

    class Meta:
        model = SiteSettings
        fields = [
            "site_name",
            "contact",
            "accent_colour",
            "sign_up",
            "email_domains",
            "second_factor",
            "retention_days",
            "reading_policy",
            "better_titles",
            "title_model",
        ]
        widgets = {
            "accent_colour": forms.TextInput(
                attrs={"placeholder": "#0b6e6e", "autocomplete": "off", "dir": "ltr"}
            ),
            "email_domains": forms.Textarea(attrs={"rows": 4, "dir": "ltr"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _say_what_empty_means(self.fields.get("sign_up"), _("As .env says"))
        _say_what_empty_means(self.fields.get("title_model"), _("The site's own"))

    def clean_new_logo(self):
        """Return the bytes of the new logo; None leaves the one there is."""
        file = self.cleaned_data["new_logo"]
        if not file:
            return None
        try:
            return make_logo(file)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.detail) from refusal

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("sign_up") == SiteSettings.SignUp.DOMAINS:
            if not cleaned.get("email_domains", "").strip():
                self.add_error("email_domains", _("Write at least one domain."))
            if not settings.MAIL_IS_SET_UP:
                detail = _("Addresses are confirmed by mail: set EMAIL_URL first.")
                self.add_error("sign_up", detail)
        return cleaned

    @property
    def logo(self):
        """What to do with the logo, as `save_site_settings` takes it."""
        image = self.cleaned_data.get("new_logo")
        if image is None and self.cleaned_data.get("remove_logo"):
            return REMOVE
        return image


def _say_what_empty_means(field, label):
    if field is None:
        return  # who may only look has no form to fill in
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = label
    else:
        field.choices = [("", label), *(pair for pair in field.choices if pair[0])]


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin):
    """One form. Its row is made when it is saved for the first time."""

    form = SiteSettingsForm
    readonly_fields = ["logo_now"]

    def get_fieldsets(self, request, obj=None):
        look = ["new_logo", "accent_colour"]
        if obj and obj.logo:
            look.insert(1, ("logo_now", "remove_logo"))
        return [
            (_("The site"), {"fields": ["site_name", "contact"]}),
            (_("How it looks"), {"fields": look}),
            (
                _("Who gets in"),
                {"fields": ["sign_up", "email_domains", "second_factor"]},
            ),
            (
                _("What is kept, and who may read it"),
                {"fields": ["retention_days", "reading_policy"]},
            ),
            (
                _("Titles of conversations"),
                {"fields": ["better_titles", "title_model"]},
            ),
        ]

    @admin.display(description=_("Logo now"))
    def logo_now(self, site_settings):
        return format_html(
            '<img class="logo-now" src="{}" alt="">', site_settings.logo_url
        )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Models are made on their own page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "title_model":
            widget = field.widget
            widget.can_add_related = widget.can_change_related = False
            widget.can_delete_related = widget.can_view_related = False
        return field

    def changelist_view(self, request, extra_context=None):
        return redirect("admin:conversations_sitesettings_change", ONLY)

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found is None and object_id == str(ONLY):
            return SiteSettings(pk=ONLY)
        return found

    def render_change_form(self, request, context, **kwargs):
        # There is no list to go back to: saving leads here again.
        context |= {"title": _("Site settings"), "subtitle": None}
        context |= {"show_save_and_continue": False, "show_close": False}
        return super().render_change_form(request, context, **kwargs)

    def save_model(self, request, obj, form, change):
        save_site_settings(site_settings=obj, logo=form.logo)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
