from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conversations.actions.personas import save_persona, set_state
from conversations.models import Persona

from . import persona_texts
from .persona_form import PersonaForm
from .persona_trial import PersonaTrialViews
from .persona_versions import PersonaVersionViews
from .ticked_groups import TickedGroups


@admin.register(Persona)
class PersonaAdmin(
    PersonaTrialViews, PersonaVersionViews, TickedGroups, admin.ModelAdmin
):
    """A persona and its current content as one form; saving adds a version.

    A persona is retired, never deleted: what it said stays with whom it said it to.
    """

    form = PersonaForm
    list_display = [
        "label",
        "state",
        "model_label",
        "version_number",
        "position",
        "changed",
    ]
    list_display_links = ["label"]
    list_filter = ["state", "groups"]
    list_select_related = ["version__model__provider", "version__author"]
    search_fields = ["name", "slug", "description"]
    show_facets = admin.ShowFacets.NEVER
    prepopulated_fields = {"slug": ["name"]}
    actions = ["publish", "retire"]
    change_form_template = "admin/conversations/persona/change_form.html"

    # ── the list ──────────────────────────────────────────────────────────────────
    @admin.display(description=gettext_lazy("persona"), ordering="name")
    def label(self, persona):
        return format_html(
            '<span class="persona-label">{} {}</span>',
            self.avatar_now(persona),
            persona.name,
        )

    @admin.display(description=gettext_lazy("model"))
    def model_label(self, persona):
        return (persona.version and persona.version.model) or _("the site's own")

    @admin.display(description=gettext_lazy("version"), ordering="version__number")
    def version_number(self, persona):
        return persona.version and persona.version.number

    @admin.display(description=gettext_lazy("changed"), ordering="version__created_at")
    def changed(self, persona):
        return persona.version and persona.version.created_at

    @admin.action(
        description=gettext_lazy("Publish the chosen personas"), permissions=["change"]
    )
    def publish(self, request, personas):
        self._set_state(request, personas, Persona.State.PUBLISHED)

    @admin.action(
        description=gettext_lazy("Retire the chosen personas"), permissions=["change"]
    )
    def retire(self, request, personas):
        self._set_state(request, personas, Persona.State.RETIRED)

    def _set_state(self, request, personas, state):
        total = set_state(personas=personas, state=state, author=request.user)
        sentence = ngettext(
            "%(total)d persona was changed.", "%(total)d personas were changed.", total
        )
        self.message_user(request, sentence % {"total": total})

    # ── the form ──────────────────────────────────────────────────────────────────
    def get_fieldsets(self, request, obj=None):
        may_change = self.has_change_permission(request, obj)
        if obj and not may_change:
            return [(None, {"fields": ["name", "slug", "description", "state"]})]
        who = [("name", "slug"), "description", ("avatar_emoji", "avatar")]
        if obj and obj.avatar_image:
            who.append(("avatar_now", "remove_avatar"))
        return [
            (_("Who it is"), {"fields": who}),
            (
                _("What it is told"),
                {"fields": ["instructions", ("history_policy", "history_turns")]},
            ),
            (
                _("Model"),
                {"fields": [("model", "max_output_tokens"), ("temperature", "top_p")]},
            ),
            (_("What people see first"), {"fields": ["greeting", "starters"]}),
            *persona_texts.fieldsets(),
            (_("Who may use it"), {"fields": [("state", "position"), "groups"]}),
            (_("This change"), {"fields": ["note"]}),
        ]

    readonly_fields = ["avatar_now"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        # The fields of the languages are made with the form.
        if not obj or self.has_change_permission(request, obj):
            kwargs["fields"] = PersonaForm.Meta.fields
        return super().get_form(request, obj, change, **kwargs)

    def render_change_form(self, request, context, **kwargs):
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, **kwargs)

    @admin.display(description=gettext_lazy("Image now"))
    def avatar_now(self, persona):
        """The image, the emoji or the first letter; the name stands beside it."""
        return render_to_string(
            "conversations/_persona_avatar.html", {"persona": persona}
        )

    def save_model(self, request, obj, form, change):
        version = save_persona(
            persona=obj,
            content=form.content,
            author=request.user,
            note=form.cleaned_data["note"],
            groups=form.cleaned_data["groups"],
            avatar=form.new_avatar,
        )
        obj.is_changed = bool(version or form.changes_persona)
        if change and version:
            sentence = _("Version %(number)d is what it is told from now on.")
            self.message_user(request, sentence % {"number": version.number})

    def response_change(self, request, obj):
        if obj.is_changed or IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        sentence = _("Nothing was changed, so there is no new version.")
        self.message_user(request, sentence, messages.INFO)
        if "_continue" in request.POST:
            return redirect(request.get_full_path())
        return self.response_post_save_change(request, obj)

    def save_related(self, request, form, formsets, change):
        """Nothing is left to save: `save_persona` took the groups too."""

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("try/", view(self.persona_try), name="conversations_persona_try"),
            path(
                "<int:persona_id>/versions/",
                view(self.persona_versions),
                name="conversations_persona_versions",
            ),
            path(
                "<int:persona_id>/versions/<int:number>/restore/",
                view(self.persona_restore),
                name="conversations_persona_restore",
            ),
            *super().get_urls(),
        ]
