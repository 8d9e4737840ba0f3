class TickedGroups:
    """Mixed into a ModelAdmin: groups are ticked there, and made on their own page."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "groups":
            field.widget.can_add_related = False
        return field
