from contextlib import suppress

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conversations import locales
from conversations.actions.passwords import change_password
from conversations.actions.refusals import Refusal
from conversations.actions.sessions import recheck_sign_in
from conversations.actions.terms import accept_terms
from conversations.models import SiteSettings

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
        return SiteSettings.current().sign_up_mode == SiteSettings.SignUp.OPEN

    def format_email_subject(self, subject):
        return f"{SiteSettings.current().name}: {subject}"

    def logout(self, request):
        user = request.user
        super().logout(request)
        if user.is_authenticated:
            recheck_sign_in(user)

    def set_password(self, user, password):
        """End all sessions of `user` but the one in which they ask for it."""
        is_theirs = self.request.user == user
        key = self.request.session.session_key if is_theirs else None
        change_password(user, password, session_key=key)

    def send_mail(self, template_prefix, email, context):
        """Send it in the language of who gets it, if they have chosen one.

        Whoever asks for a mail, as for a new password, need not be who gets it.
        """
        name = SiteSettings.current().name
        site = {"site_name": name, "site_url": settings.SITE_URL}
        with _locale_of(context.get("user")).active():
            super().send_mail(template_prefix, email, context | site)

    def save_user(self, request, user, form, commit=True):
        """Keep the language in which somebody signs up, if they chose it here."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if chosen in dict(settings.LANGUAGES):
            user.language = chosen
        user = super().save_user(request, user, form, commit)
        shown = request.POST.get("terms", "")
        if user.pk and shown.isdecimal() and len(shown) < 19:
            with suppress(Refusal):  # others by now: they will be asked
                accept_terms(user=user, terms_id=int(shown))
        return user


def _locale_of(user):
    """Return how to write to `user`; as to who asks, where they have chosen nothing."""
    if getattr(user, "language", ""):
        return locales.of_user(user)
    return locales.Locale(get_language(), getattr(user, "zone", None))
