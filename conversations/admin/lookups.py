"""A list is narrowed by what its pages show: else one could ask what they keep back."""

from django.contrib.admin.utils import flatten


class ShownLookups:
    """Mixed into every ModelAdmin as it is registered.

    Django narrows by any column of the table: letter by letter, what somebody called
    a conversation could be found out.
    """

    def lookup_allowed(self, lookup, value, request):
        named = lookup.partition("__")[0]
        return named in self._shown() and super().lookup_allowed(lookup, value, request)

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
