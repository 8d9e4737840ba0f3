"""Nobody gives rights here who is no administrator, or becomes somebody else."""

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin

from conversations.actions.invitations import groups_offered_by


class ByAdministrators:
    """Mixed into a ModelAdmin: others look at most, whatever rights they have."""

    def has_add_permission(self, request):
        return request.user.is_superuser and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return request.user.is_superuser and allowed

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return request.user.is_superuser and allowed


class RightsOfGroupAdmin(GroupAdmin):
    """What a group may do here is said by administrators alone."""

    def get_readonly_fields(self, request, obj=None):
        """A group that may do more keeps its name: rules of providers go by it."""
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        named = [] if _is_offered(request.user, obj) else ["name"]
        return [*fields, *named, "permissions"]

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and _is_offered(request.user, obj)


def _is_offered(user, group):
    """Whether `group`, None for a new one, may do no more than `user`."""
    return group is None or groups_offered_by(user).filter(pk=group.pk).exists()


class AddressAdmin(ByAdministrators, EmailAddressAdmin):
    """With an address of theirs somebody signs in as somebody else."""


admin.site.unregister(EmailAddress)
admin.site.register(EmailAddress, AddressAdmin)
