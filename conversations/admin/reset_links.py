from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.actions.passwords import make_reset_link
from conversations.actions.refusals import Refusal
from conversations.models import User


class ResetLinkMixin:
    """The page of a user leads to a link for who has forgotten their password."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.reset_link)
        address = "<int:user_id>/password/link/"
        name = "conversations_user_reset_link"
        return [path(address, view, name=name), *super().get_urls()]

    @admin.display(description=gettext_lazy("forgotten password"))
    def forgotten_password(self, user):
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:conversations_user_reset_link", args=[user.pk]),
            _("Make a link …"),
        )

    def reset_link(self, request, user_id):
        """Say what it is for, then make one and show it this once."""
        user = get_object_or_404(User, pk=user_id)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        link = ""
        if request.method == "POST":
            try:
                link = make_reset_link(user=user, actor=request.user)
            except Refusal as refusal:
                messages.error(request, refusal.detail)
                return redirect("admin:conversations_user_change", user.pk)
        context = self.admin_site.each_context(request) | {
            "title": _("A new password for %(user)s") % {"user": user},
            "original": user,
            "opts": self.opts,
            "link": link,
            "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        }
        template = "admin/conversations/user/reset_link.html"
        response = render(request, template, context)
        response["Cache-Control"] = "no-store"
        return response
