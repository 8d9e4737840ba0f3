from django.apps import AppConfig, apps
from django.contrib.admin import apps as of_admin
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ConversationsConfig(AppConfig):
    name = "conversations"
    verbose_name = _("Conversations")

    def ready(self):
        from allauth.account import signals as of_accounts
        from allauth.mfa import signals as of_factors
        from allauth.socialaccount import signals

        from conversations import factors
        from conversations.clearing import clear_by_the_clock
        from conversations.generation import process
        from conversations.identity import following
        from conversations.models import append_only
        from conversations.search import index

        process.chores.append(clear_by_the_clock)
        connection_created.connect(index.connected)
        of_factors.authenticator_added.connect(factors.factor_changed)
        of_factors.authenticator_removed.connect(factors.factor_changed)
        of_factors.authenticator_reset.connect(factors.factor_changed)
        of_accounts.user_logged_in.connect(following.signed_in)
        signals.social_account_added.connect(following.connected)
        signals.social_account_removed.connect(following.disconnected)
        for tables in (index, append_only):
            pre_migrate.connect(tables.before_migrating, sender=self)
            post_migrate.connect(tables.after_migrating, sender=self)


class ChatsiteAdminConfig(of_admin.AdminConfig):
    """Django's admin, with a site and pages of ours."""

    default = False  # the one of the app “conversations” is above
    default_site = "conversations.admin.site.ChatsiteAdminSite"

    def ready(self):
        super().ready()  # which finds the pages of other apps

        from conversations.admin import registered  # noqa: F401
        from conversations.admin.overview import days
        from conversations.generation import process

        process.chores.append(days.keep_at_hand)
        for label in ("auth", "account"):
            apps.get_app_config(label).verbose_name = _("Accounts")
