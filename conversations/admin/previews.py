"""“As this user”: what somebody would see of the site, without what they wrote."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from conversations import usage
from conversations.models import Budget, GroupLimits, LanguageModel, Persona, User
from conversations.models.limits import limits_of


class PreviewMixin:
    """The page of a user leads to what they would see."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview)
        name = "conversations_user_preview"
        return [path("<int:user_id>/preview/", view, name=name), *super().get_urls()]

    @admin.display(description=gettext_lazy("as this user"))
    def as_this_user(self, user):
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:conversations_user_preview", args=[user.pk]),
            _("Personas, models, budgets and limits they have …"),
        )

    @method_decorator(require_GET)
    def preview(self, request, user_id):
        user = get_object_or_404(User, pk=user_id)
        if not self.has_view_permission(request, user):
            raise PermissionDenied
        limits = limits_of(user.pk)
        context = self.admin_site.each_context(request) | {
            "title": _("As %(user)s") % {"user": user},
            "original": user,
            "opts": self.opts,
            "groups": user.groups.order_by("name"),
            "parts": _parts(request, user),
            "limits": [
                (GroupLimits._meta.get_field(name).verbose_name, limits[name])
                for name in GroupLimits.NAMES
            ],
        }
        return render(request, "admin/conversations/user/preview.html", context)


def _parts(request, user):
    """Return by name what `user` has of that which who asks may look at anyway."""
    personas = list(Persona.objects.usable_by(user).select_related("version__model"))
    models = LanguageModel.objects.usable_by(user).select_related("provider")
    of_personas = usage.left_of_personas(user.pk, [p.pk for p in personas])
    budgets = [*usage.left_for(user.pk, None), *of_personas]
    found = {Persona: personas, LanguageModel: models, Budget: budgets}
    return {
        model._meta.model_name: rows
        for model, rows in found.items()
        if admin.site.get_model_admin(model).has_view_permission(request)
    }
