"""A list is narrowed by what its pages show: else one could ask what they keep back."""

from django.contrib.admin.utils import flatten

# How a page of a list narrows it. Others break on odd values, and an expression that
# somebody makes up may keep the database busy for ever.
WAYS = {"exact", "in", "isnull", "gt", "gte", "lt", "lte", "contains", "icontains"}
WAYS |= {"startswith", "istartswith"}


class ShownLookups:
    """Mixed into every ModelAdmin as it is registered.

    Django narrows by any column of the table: letter by letter, what somebody called
    a conversation could be found out.
    """

    def lookup_allowed(self, lookup, value, request):
        named, *rest = lookup.split("__")
        if named not in self._shown() or not self._is_way(named, rest):
            return False
        return super().lookup_allowed(lookup, value, request)

    def _is_way(self, named, rest):
        """Whether it leads along columns, and compares there as pages do."""
        fields = _fields(self.opts)
        if named not in fields:  # of a filter of ours
            return not rest
        field = fields[named]
        for part in rest:
            further = _fields(field.related_model._meta) if field.is_relation else {}
            if part in further:
                field = further[part]
            elif part not in WAYS:
                return False
        return True

    def _shown(self):
        filters = [f[0] if isinstance(f, list | tuple) else f for f in self.list_filter]
        fieldsets = [options["fields"] for _name, options in self.fieldsets or ()]
        named = [
            *self.list_display,
            *filters,
            *(getattr(one, "parameter_name", None) for one in filters),
            *self.search_fields,
            *flatten(self.fields or ()),
            *(name for fields in fieldsets for name in flatten(fields)),
            self.date_hierarchy,
        ]
        plain = (name.lstrip("^=@") for name in named if isinstance(name, str))
        return {"pk", self.opts.pk.name, *(name.partition("__")[0] for name in plain)}


def _fields(opts):
    return {"pk": opts.pk, **{field.name: field for field in opts.get_fields()}}
