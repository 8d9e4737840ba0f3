from allauth.account.decorators import secure_admin_login
from allauth.account.views import logout
from csp.decorators import csp_update
from django.contrib import admin
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from .audited import watched
from .doctor import doctor_page
from .overview.pages import first_page, table_csv

# What an administrator comes for, in that order; who has an account; then the rest.
CHATS = [
    "Persona",
    "Snippet",
    "Provider",
    "LanguageModel",
    "Conversation",
    "Generation",
    "Feedback",
    "Report",
]
MONEY = ["Budget", "UsageEntry"]
SITE = [
    "SiteSettings",
    "IdentityProvider",
    "Notice",
    "Terms",
    "GroupRetention",
    "AuditEntry",
]
ACCOUNTS = ["User", "Group", "Invitation", "EmailAddress"]


class ChatsiteAdminSite(admin.AdminSite):
    """Django's admin site, entered and left by the ways of this one."""

    index_title = _("Overview")
    # Each page says where it stands; the room is for what it is about.
    enable_nav_sidebar = False

    def register(self, model_or_iterable, admin_class=None, **options):
        """Whoever wrote the page: what is changed there is in the audit log."""
        page = watched(admin_class or admin.ModelAdmin)
        super().register(model_or_iterable, page, **options)

    def get_urls(self):
        """Ours come first: the last of Django's takes whatever is left.

        One of Django's is missing, the way from a row to its page: it asks nobody for
        a right. The address of a link or an invitation is what lets people in.
        """
        view, ways = self.admin_view, super().get_urls()
        return [
            path("overview/<slug:name>.csv", view(table_csv), name="overview_csv"),
            path("doctor/", view(doctor_page), name="doctor"),
            *(way for way in ways if getattr(way, "name", "") != "view_on_site"),
        ]

    def admin_view(self, view, cacheable=False):
        """Let Django's own scripts make elements of text.

        Of which text they may is said in admin_site/trusted_types.js.
        """
        policies = csp_update({"trusted-types": ["admin", "default"]})
        return policies(super().admin_view(view, cacheable))

    @method_decorator(secure_admin_login)
    def login(self, request, extra_context=None):
        """Who gets here is signed in, and has come by the site's own page.

        The admin's own knows no rate limit and no second factor.
        """
        return redirect("admin:index")

    def logout(self, request, extra_context=None):
        return logout(request)

    def password_change(self, request, extra_context=None):
        """The site's own page: it is limited, and ends the other sessions."""
        return redirect("account_change_password")

    def index(self, request, extra_context=None):
        """Django's first page, with what an administrator wants to know on top."""
        return super().index(request, first_page(request) | (extra_context or {}))

    def get_app_list(self, request, app_label=None):
        """Return the models by what they are for; of one app, all that it has."""
        found = super().get_app_list(request, app_label)
        return found if app_label else _by_purpose(found)


def _by_purpose(found):
    models = {model["object_name"]: model for app in found for model in app["models"]}
    chats = [models.pop(name) for name in CHATS if name in models]
    accounts = [models.pop(name) for name in ACCOUNTS if name in models]
    money = [models.pop(name) for name in MONEY if name in models]
    site = [models.pop(name) for name in SITE if name in models]
    return [
        {"name": name, "models": rows, "app_label": label, "app_url": ""}
        for name, label, rows in (
            (_("Personas and conversations"), "chats", chats),
            (_("Accounts"), "accounts", accounts),
            (_("Money"), "money", money),
            (_("The site"), "site", site),
            (_("More"), "more", list(models.values())),
        )
        if rows
    ]
