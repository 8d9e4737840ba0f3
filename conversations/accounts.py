from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.utils.translation import gettext_lazy as _

_NO_MATCH = _("The name and the password do not belong together. Try again.")


class AccountAdapter(DefaultAccountAdapter):
    """What this site decides about accounts, and how it says so."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Ask an administrator."),
        "email_password_mismatch": _NO_MATCH,
        "username_password_mismatch": _NO_MATCH,
        "invalid_login": _NO_MATCH,
        "email_taken": _("Another account has this address."),
        "duplicate_email": _("You have given this address already."),
        "enter_current_password": _("This is not your current password. Try again."),
        "incorrect_password": _("This is not your password. Try again."),
        "too_many_login_attempts": _(
            "There were too many tries. Wait a few minutes, then try again."
        ),
        "rate_limited": _("That was too often. Wait a few minutes, then try again."),
        "username_taken": _("Somebody has this name already. Choose another."),
        "username_blacklisted": _("This name is not free. Choose another."),
        "unknown_email": _("No account has this address."),
        "same_as_current": _("That is what it is already."),
    }

    def is_open_for_signup(self, request):
        return settings.SIGN_UP_OPEN

    def send_mail(self, template_prefix, email, context):
        site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        super().send_mail(template_prefix, email, context | site)
