from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation, User

# Where people are signed in, and from which address, is for them to see.
admin.site.unregister(UserSession)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = [
        "username",
        "email",
        "first_name",
        "last_name",
        "is_staff",
        "is_active",
        "last_login",
    ]
    list_filter = ["is_staff", "is_superuser", "is_active", "groups"]
    search_fields = ["username", "first_name", "last_name", "email"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        *DjangoUserAdmin.fieldsets,
        (
            _("How the site is for them"),
            {
                "fields": [
                    "language",
                    "time_zone",
                    "theme",
                    "text_size",
                    "send_key",
                    "default_persona",
                ]
            },
        ),
    ]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_deleted_objects(self, objs, request):
        """Say how much goes with them, not what: thousands of rows, and all private."""
        conversations = Conversation.objects.filter(owner__in=objs).count()
        counts = {
            User._meta.verbose_name_plural: len(objs),
            Conversation._meta.verbose_name_plural: conversations,
        }
        return [str(user) for user in objs], counts, set(), []
