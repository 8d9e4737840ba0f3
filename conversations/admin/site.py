from allauth.account.decorators import secure_admin_login
from allauth.account.views import logout
from csp.decorators import csp_update
from django.apps import apps
from django.contrib import admin
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

admin.site.index_title = _("Overview")
# Each page says where it stands; the room is for what it is about.
admin.site.enable_nav_sidebar = False


@secure_admin_login
def login(request, extra_context=None):
    """Who gets here is signed in, and has come by the site's own page.

    The admin's own knows no rate limit and no second factor.
    """
    return redirect("admin:index")


admin.site.login = login
admin.site.logout = lambda request, extra_context=None: logout(request)


def password_change(request, extra_context=None):
    """The site's own page: it is limited, and ends the other sessions."""
    return redirect("account_change_password")


admin.site.password_change = password_change

all_urls = admin.site.get_urls


def get_urls():
    """All but Django's way from a row to its page: it asks nobody for a right.

    The address of a link or an invitation is what lets people in.
    """
    return [way for way in all_urls() if getattr(way, "name", "") != "view_on_site"]


admin.site.get_urls = get_urls


def admin_view(view, cacheable=False):
    """Let Django's own scripts make elements of text: admin_site/trusted_types.js."""
    policies = csp_update({"trusted-types": ["admin", "default"]})
    return policies(guarded(view, cacheable))


guarded, admin.site.admin_view = admin.site.admin_view, admin_view

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
apps.get_app_config("auth").verbose_name = _("Accounts")
apps.get_app_config("account").verbose_name = _("Accounts")
apps_of = admin.site.get_app_list


def app_list(request, app_label=None):
    """Return the models by what they are for; of one app, all that it has."""
    found = apps_of(request, app_label)
    if app_label:
        return found
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


admin.site.get_app_list = app_list
