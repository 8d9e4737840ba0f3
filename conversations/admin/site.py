from allauth.account.decorators import secure_admin_login
from csp.decorators import csp_update
from django.apps import apps
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

admin.site.index_title = _("Overview")
# Each page says where it stands; the room is for what it is about.
admin.site.enable_nav_sidebar = False
# The admin's own sign-in page knows no rate limit and no second factor.
admin.site.login = secure_admin_login(admin.site.login)


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
]
SITE = ["SiteSettings", "Notice", "Terms"]
ACCOUNTS = ["User", "Group", "EmailAddress"]
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
    site = [models.pop(name) for name in SITE if name in models]
    return [
        {"name": name, "models": rows, "app_label": label, "app_url": ""}
        for name, label, rows in (
            (_("Personas and conversations"), "chats", chats),
            (_("Accounts"), "accounts", accounts),
            (_("The site"), "site", site),
            (_("More"), "more", list(models.values())),
        )
        if rows
    ]


admin.site.get_app_list = app_list
