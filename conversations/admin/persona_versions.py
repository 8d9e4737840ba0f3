from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from conversations.actions.personas import restore_version
from conversations.actions.refusals import Refusal
from conversations.models import Persona

from .persona_diff import changes_between

VERSIONS_PER_PAGE = 20


class PersonaVersionViews:
    """Mixed into PersonaAdmin: what a persona was told before, and back to it."""

    @method_decorator(require_GET)
    def persona_versions(self, request, persona_id):
        persona = get_object_or_404(Persona, pk=persona_id)
        if not self.has_view_permission(request, persona):
            raise PermissionDenied
        versions, older = _page(persona, request.GET.get("before", ""))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Versions"),
            "subtitle": persona.name,
            "original": persona,
            "versions": versions,
            "older": older,
            "has_change_permission": self.has_change_permission(request, persona),
        }
        template = "admin/conversations/persona/versions.html"
        return TemplateResponse(request, template, context)

    @method_decorator(require_POST)
    def persona_restore(self, request, persona_id, number):
        persona = get_object_or_404(Persona, pk=persona_id)
        if not self.has_change_permission(request, persona):
            raise PermissionDenied
        version = get_object_or_404(
            persona.versions.select_related("persona__version"), number=number
        )
        try:
            added = restore_version(version=version, author=request.user)
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return redirect("admin:conversations_persona_versions", persona.pk)
        if added:
            self.log_change(request, persona, added.note)
            sentence = _("Version %(old)d is back, as version %(new)d.")
            facts = {"old": number, "new": added.number}
            messages.success(request, sentence % facts)
        else:
            messages.info(request, _("That is what it is told already."))
        return redirect("admin:conversations_persona_versions", persona.pk)


def _page(persona, before):
    """Return the versions below number `before`, newest first, and where more begin.

    Each has its `changes` against the one before it.
    """
    found = persona.versions.select_related("author", "model__provider")
    if before.isdecimal() and len(before) < 10:
        found = found.filter(number__lt=int(before))
    versions = list(found.order_by("-number")[: VERSIONS_PER_PAGE + 1])
    for version, previous in zip(versions, [*versions[1:], None], strict=False):
        version.changes = changes_between(previous, version)
        version.is_current = version.pk == persona.version_id
    shown = versions[:VERSIONS_PER_PAGE]
    return shown, shown[-1].number if len(versions) > len(shown) else None
