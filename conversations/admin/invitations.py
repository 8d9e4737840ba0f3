from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_POST

from conversations.actions.invitations import (
    groups_offered_by,
    make_invitation,
    revoke_invitation,
)
from conversations.models import Invitation, SiteSettings

from .labels import PlainLabels

FIRST_DAYS = 14


class InvitationForm(PlainLabels, forms.ModelForm):
    class Meta:
        model = Invitation
        fields = ["note", "group", "expires_at", "most_uses"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "expires_at" in self.fields:
            self.fields["expires_at"].initial = _in_two_weeks


def _in_two_weeks():
    later = timezone.localtime(timezone.now() + timedelta(days=FIRST_DAYS))
    return later.replace(hour=23, minute=59, second=0, microsecond=0)


class UsableFilter(admin.SimpleListFilter):
    title = gettext_lazy("whether it is open")
    parameter_name = "usable"

    def lookups(self, request, model_admin):
        return [("yes", pgettext("invitation", "Open")), ("no", _("Over"))]

    def queryset(self, request, queryset):
        usable = Invitation.objects.usable().values("pk")
        if self.value() == "yes":
            return queryset.filter(pk__in=usable)
        return queryset.exclude(pk__in=usable) if self.value() == "no" else queryset


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """Who may come: made, given on and taken back here, and kept to look up."""

    form = InvitationForm
    list_display = ["name", "group", "state_now", "used", "expires_at", "author"]
    list_filter = [UsableFilter, "group"]
    list_select_related = ["group", "author"]
    search_fields = ["note"]
    show_facets = admin.ShowFacets.NEVER
    actions = ["revoke"]
    change_form_template = "admin/conversations/invitation/change_form.html"

    # ── the list ──────────────────────────────────────────────────────────────────
    @admin.display(description=gettext_lazy("note"), ordering="note")
    def name(self, invitation):
        return invitation.note or f"{invitation.created_at:%Y-%m-%d}"

    @admin.display(description=gettext_lazy("state"))
    def state_now(self, invitation):
        return invitation.state.label

    @admin.display(description=gettext_lazy("used"), ordering="uses")
    def used(self, invitation):
        if invitation.most_uses is None:
            return invitation.uses
        return f"{invitation.uses} / {invitation.most_uses}"

    @admin.action(
        description=gettext_lazy("Take back the selected"), permissions=["change"]
    )
    def revoke(self, request, queryset):
        chosen = list(queryset)
        for invitation in chosen:
            revoke_invitation(invitation=invitation, actor=request.user)
        done = ngettext(
            "%(total)d invitation lets nobody in now.",
            "%(total)d invitations let nobody in now.",
            len(chosen),
        )
        messages.success(request, done % {"total": len(chosen)})

    def get_actions(self, request):
        """Without deletion: who came by which is kept to look up."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    # ── the page of one ───────────────────────────────────────────────────────────
    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": InvitationForm.Meta.fields})]
        facts = ["note", "group", "expires_at", "used", "author", "created_at"]
        sets = [(None, {"fields": [*facts, "state_now", "came"]})]
        if self._may_give(request, obj):
            sets.insert(0, (_("To give on"), {"fields": ["link", "join_code"]}))
        return sets

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        names = [
            name
            for _, options in self.get_fieldsets(request, obj)
            for name in options["fields"]
        ]
        return [name for name in names if name != "note"]

    def _may_give(self, request, invitation):
        """Whoever sees what lets people in could come by it themselves."""
        if invitation.state != Invitation.State.USABLE:
            return False
        group = invitation.group
        offered = groups_offered_by(request.user)
        is_theirs = group is None or offered.filter(pk=group.pk).exists()
        return is_theirs and self.has_change_permission(request, invitation)

    @admin.display(description=gettext_lazy("link"))
    def link(self, invitation):
        return format_html('<code class="to-copy">{}</code>', invitation.link)

    @admin.display(description=gettext_lazy("join code"))
    def join_code(self, invitation):
        return format_html('<code class="to-copy">{}</code>', invitation.spoken_code)

    @admin.display(description=gettext_lazy("who came"))
    def came(self, invitation):
        return ", ".join(invitation.people.values_list("username", flat=True)) or "–"

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "group":
            kwargs["queryset"] = groups_offered_by(request.user)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.empty_label = "–"
        return field

    def render_change_form(self, request, context, **kwargs):
        if SiteSettings.current().sign_up_mode == SiteSettings.SignUp.CLOSED:
            messages.warning(
                request,
                _("Sign-up is closed: only people who have an account can use one."),
            )
        invitation = kwargs.get("obj")
        context["may_revoke"] = (
            invitation is not None
            and invitation.state == Invitation.State.USABLE
            and self.has_change_permission(request, invitation)
        )
        return super().render_change_form(request, context, **kwargs)

    def save_model(self, request, obj, form, change):
        if change:
            obj.save(update_fields=["note"])
        else:
            make_invitation(invitation=obj, author=request.user)

    def response_add(self, request, obj, post_url_continue=None):
        """Show at once what is to be given on."""
        messages.success(
            request, _("The invitation is made. Give on its link or code.")
        )
        return redirect("admin:conversations_invitation_change", obj.pk)

    def get_urls(self):
        revoke = self.admin_site.admin_view(self.invitation_revoke)
        name = "conversations_invitation_revoke"
        own = path("<int:invitation_id>/revoke/", revoke, name=name)
        return [own, *super().get_urls()]

    @method_decorator(require_POST)
    def invitation_revoke(self, request, invitation_id):
        invitation = get_object_or_404(Invitation, pk=invitation_id)
        if not self.has_change_permission(request, invitation):
            raise PermissionDenied
        revoke_invitation(invitation=invitation, actor=request.user)
        messages.success(request, _("The invitation lets nobody in now."))
        return redirect("admin:conversations_invitation_change", invitation.pk)
