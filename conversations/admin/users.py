from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    UserChangeForm,
)
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from conversations.actions.accounts import remove_accounts
from conversations.actions.invitations import groups_offered_by
from conversations.actions.passwords import change_password
from conversations.actions.sessions import follow_change
from conversations.actions.users import drop_other_addresses, may_administer
from conversations.models import Conversation, User

from .factors import FactorsMixin
from .filters import ActiveFilter
from .labels import PlainLabels
from .previews import PreviewMixin
from .reset_links import ResetLinkMixin

# Where people are signed in, and from which address, is for them to see.
admin.site.unregister(UserSession)


class NameForm(PlainLabels):
    """Mixed into a form with a user name: one that looks like another is refused."""

    def clean(self):
        cleaned = super().clean()
        name = self.cleaned_data.get("username")
        if name and "username" in self.changed_data:
            others = User.objects.looking_like(name).exclude(pk=self.instance.pk)
            if other := others.exclude(username=name).first():
                refusal = _("It looks like the name of somebody else: %(name)s.")
                self.add_error("username", refusal % {"name": other.username})
        return cleaned


class UserForm(NameForm, UserChangeForm):
    pass


class NewUserForm(NameForm, AdminUserCreationForm):
    pass


class PasswordChangeForm(PlainLabels, AdminPasswordChangeForm):
    def save(self, commit=True):
        is_usable = self.cleaned_data["set_usable_password"]
        password = self.cleaned_data["password1"] if is_usable else None
        change_password(self.user, password)
        return self.user


@admin.register(User)
class UserAdmin(FactorsMixin, PreviewMixin, ResetLinkMixin, DjangoUserAdmin):
    form = UserForm
    add_form = NewUserForm
    change_password_form = PasswordChangeForm
    list_display = [
        "username",
        "email",
        "first_name",
        "last_name",
        "is_staff",
        "is_active",
        "last_login",
    ]
    list_filter = [ActiveFilter, "is_staff", "is_superuser", "is_active", "groups"]
    search_fields = ["username", "first_name", "last_name", "email"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    filter_horizontal = []
    readonly_fields = [
        "last_login",
        "date_joined",
        "as_this_user",
        "forgotten_password",
        "second_factor",
    ]
    fieldsets = [
        *DjangoUserAdmin.fieldsets,
        (
            _("Security"),
            {"fields": ["forgotten_password", "second_factor", "awaits_confirmation"]},
        ),
        (
            _("How the site is for them"),
            {
                "fields": [
                    "language",
                    "time_zone",
                    "theme",
                    "text_size",
                    "send_key",
                    "as_this_user",
                ]
            },
        ),
    ]

    @transaction.atomic
    def user_change_password(self, request, id, form_url=""):
        """With what the audit log says of it: both, or neither."""
        return super().user_change_password(request, id, form_url)

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        return may and (obj is None or may_administer(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or may_administer(request.user, obj))

    def get_readonly_fields(self, request, obj=None):
        """Without what would give somebody more than the administrator has."""
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return [*fields, "is_superuser", "user_permissions"]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
            kwargs["queryset"] = groups_offered_by(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change:
            follow_change(obj, form.changed_data)
        if change and "email" in form.changed_data and drop_other_addresses(obj):
            said = _("Their other addresses are removed: this is the only one now.")
            messages.info(request, said)

    def get_queryset(self, request):
        """Without closed accounts, of which only what is still to be erased is left."""
        return super().get_queryset(request).filter(removed_at=None)

    def delete_model(self, request, obj):
        remove_accounts([obj])

    def delete_queryset(self, request, queryset):
        """As when they leave by themselves: in small pieces, and named nowhere."""
        remove_accounts(list(queryset))

    def get_deleted_objects(self, objs, request):
        """Say how much goes with them, not what: thousands of rows, and all private."""
        conversations = Conversation.objects.filter(owner__in=objs).count()
        counts = {
            User._meta.verbose_name_plural: len(objs),
            Conversation._meta.verbose_name_plural: conversations,
        }
        may = all(may_administer(request.user, user) for user in objs)
        forbidden = set() if may else {User._meta.verbose_name}
        return [str(user) for user in objs], counts, forbidden, []
