"""Nobody gives rights here who is no administrator, or becomes somebody else."""

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin

from conversations.actions.invitations import groups_offered_by


class RightsOfGroupAdmin(GroupAdmin):
    """What a group may do here is said by administrators alone."""

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, "permissions"]

    def has_delete_permission(self, request, obj=None):
        offered = groups_offered_by(request.user)
        return super().has_delete_permission(request, obj) and (
            obj is None or offered.filter(pk=obj.pk).exists()
        )


class AddressAdmin(EmailAddressAdmin):
    """With an address of theirs somebody signs in as somebody else."""

    def has_add_permission(self, request):
        return request.user.is_superuser and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return request.user.is_superuser and allowed

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return request.user.is_superuser and allowed


admin.site.unregister(EmailAddress)
admin.site.register(EmailAddress, AddressAdmin)
