"""Django's groups, with all that their members may use and spend."""

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from conversations.models import GroupLimits, LanguageModel, Persona
from conversations.models.limits import site_limit

from .budgets import BudgetInline
from .inlines import FewNew
from .labels import PlainLabels
from .rights import RightsOfGroupAdmin

ONLY = _("Once it is ticked for a group, only such groups may use it.")
OPENED = _(
    "%(name)s is for no other group, and would be for everybody. On its page, choose "
    "first who may use it."
)


def _ticks(rows, label):
    return forms.ModelMultipleChoiceField(
        rows,
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=ONLY,
    )


class GroupForm(PlainLabels, forms.ModelForm):
    personas = _ticks(
        Persona.objects.exclude(state=Persona.State.RETIRED), _("Personas")
    )
    language_models = _ticks(
        LanguageModel.objects.select_related("provider"), _("Language models")
    )

    class Meta:
        model = Group
        fields = ["name", "permissions"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("personas", "language_models"):
                rows = getattr(self.instance, name)
                self.initial[name] = list(rows.values_list("pk", flat=True))

    def _save_m2m(self):
        """What is not offered keeps its group: a retired persona may come back."""
        super()._save_m2m()
        for name in ("personas", "language_models"):
            related = getattr(self.instance, name)
            kept = related.exclude(pk__in=self.fields[name].queryset.values("pk"))
            related.set([*self.cleaned_data[name], *kept])


class LimitsForm(PlainLabels, forms.ModelForm):
    class Meta:
        model = GroupLimits
        fields = GroupLimits.NAMES

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in GroupLimits.NAMES:
                field.widget.attrs["placeholder"] = site_limit(name)


class LimitsInline(FewNew, admin.StackedInline):
    model = GroupLimits
    form = LimitsForm
    max_num = 1
    verbose_name_plural = _("limits")
    fieldsets = [
        (
            None,
            {
                "fields": GroupLimits.NAMES,
                "description": _(
                    "Empty: as for the whole site. Who is in several groups has the "
                    "most generous of each."
                ),
            },
        )
    ]


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(RightsOfGroupAdmin):
    form = GroupForm
    inlines = [BudgetInline, LimitsInline]
    fieldsets = [
        (None, {"fields": ["name"]}),
        (_("What its members may use"), {"fields": ["personas", "language_models"]}),
        (_("What its members may do"), {"fields": ["permissions"]}),
    ]

    def get_deleted_objects(self, objs, request):
        """What is for no other group stands in the way: it would be for everybody."""
        *found, protected = super().get_deleted_objects(objs, request)
        return *found, [*protected, *_opened_without(objs)]


def _opened_without(groups):
    """Say of each persona and model that it is for none but these, retired ones too."""
    kept = Group.objects.exclude(pk__in=[group.pk for group in groups])
    for rows in (Persona.objects, LanguageModel.objects.select_related("provider")):
        others = rows.filter(groups__in=kept)
        for row in rows.exclude(groups=None).exclude(pk__in=others.values("pk")):
            yield OPENED % {"name": row}
