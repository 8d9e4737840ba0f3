from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.actions.factors import reset_factors
from conversations.actions.refusals import Refusal
from conversations.models import User

# What they hold is secret, or would let somebody else in.
admin.site.unregister(Authenticator)


class FactorsMixin:
    """The page of a user says which second factors they have, and resets them."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.factors_reset)
        address = "<int:user_id>/factors/reset/"
        name = "conversations_user_factors_reset"
        return [path(address, view, name=name), *super().get_urls()]

    @admin.display(description=gettext_lazy("second factor"))
    def second_factor(self, user):
        held = Authenticator.objects.filter(user=user).order_by("type")
        counts = held.values_list("type").annotate(total=Count("pk"))
        if not counts:
            return "–"
        return format_html(
            '{} <a href="{}">{}</a>',
            ", ".join(_named(kind, total) for kind, total in counts),
            reverse("admin:conversations_user_factors_reset", args=[user.pk]),
            _("Reset …"),
        )

    def factors_reset(self, request, user_id):
        """Ask, then take them all away from somebody who has lost them."""
        user = get_object_or_404(User, pk=user_id)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if request.method != "POST":
            title = _("Reset the second factor of %(user)s") % {"user": user}
            context = self.admin_site.each_context(request) | {"title": title}
            context |= {"original": user, "opts": self.opts}
            template = "admin/conversations/user/factors_reset.html"
            return render(request, template, context)
        try:
            reset_factors(user=user, actor=request.user)
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            done = _("%(user)s has no second factor now and is signed out everywhere.")
            messages.success(request, done % {"user": user})
        return redirect("admin:conversations_user_change", user.pk)


def _named(kind, total):
    names = {
        Authenticator.Type.TOTP: _("authenticator app"),
        Authenticator.Type.WEBAUTHN: _("passkeys: %(total)d") % {"total": total},
        Authenticator.Type.RECOVERY_CODES: _("recovery codes"),
    }
    return names[kind]
