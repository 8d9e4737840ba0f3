from django.contrib import admin

from conversations.models import GroupRetention

from .labels import PlainForm


@admin.register(GroupRetention)
class GroupRetentionAdmin(admin.ModelAdmin):
    """How long the conversations of groups are kept."""

    form = PlainForm
    list_display = ["group", "days"]
    list_select_related = ["group"]
    show_facets = admin.ShowFacets.NEVER
