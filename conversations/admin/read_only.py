from .labels import PlainForm


class ReadOnlyAdmin:
    """Mixed into a ModelAdmin: one may look at what the site wrote."""

    actions = None
    form = PlainForm

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
