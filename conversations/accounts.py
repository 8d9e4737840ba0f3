import logging
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.internal.flows.email_verification import (
    send_verification_email_at_login,
)
from allauth.account.stages import EmailVerificationStage
from allauth.core.context import request_context
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from conversations import locales
from conversations.actions.passwords import change_password
from conversations.actions.refusals import Refusal
from conversations.actions.sessions import recheck_sign_in
from conversations.actions.sign_up import confirm_address, is_open_to
from conversations.actions.terms import accept_terms
from conversations.models import SiteSettings, User

logger = logging.getLogger(__name__)

_NO_MATCH = _("The name and the password do not belong together. Try again.")


class ConfirmationStage(EmailVerificationStage):
    """On their way in, those who signed up with an address confirm that it is theirs.

    Nobody else has to: neither who has no address, nor whom somebody let in.
    """

    def handle(self):
        user = self.login.user
        if user is not None and not user.awaits_confirmation:
            return None, True
        send_verification_email_at_login(self.request, self.login)
        adapter = get_adapter()
        return adapter.respond_email_verification_sent(self.request, user), True


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
        return is_open_to((request.POST or request.GET).get("invitation", ""))

    def get_login_stages(self):
        ours = f"{__name__}.{ConfirmationStage.__name__}"
        theirs = (
            f"{EmailVerificationStage.__module__}.{EmailVerificationStage.__name__}"
        )
        return [ours if s == theirs else s for s in super().get_login_stages()]

    def clean_username(self, username, shallow=False):
        """Take one spelling for all that look alike to a computer: full-width, say.

        What looks to people like the name of somebody else is taken.
        """
        name = super().clean_username(User.normalize_username(username), shallow)
        if User.objects.looking_like(name).exists():
            raise self.validation_error("username_taken")
        return name

    def authenticate(self, request, **credentials):
        """Check one password, whoever is named: an unknown name takes as long.

        The name stands for the address as well; asked for both, two were checked.
        """
        if "username" in credentials:
            credentials.pop("email", None)
            name = User.normalize_username(credentials["username"])
            credentials["username"] = name
        return super().authenticate(request, **credentials)

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Count tries by the name alone. allauth's own has the `Host` that was sent.

        In capitals: some letters become others there, and a database compares so.
        """
        return credentials.get("email", credentials.get("username", "")).upper()

    def confirm_email(self, request, email_address):
        is_confirmed = super().confirm_email(request, email_address)
        if is_confirmed:
            confirm_address(email_address.user)
        return is_confirmed

    def can_delete_email(self, email_address):
        """Of several the main one stays: one that nobody confirmed might follow it."""
        user = email_address.user
        is_main = user.email.lower() == email_address.email
        others = user.emailaddress_set.exclude(pk=email_address.pk)
        if is_main and others.exists():
            return False
        return super().can_delete_email(email_address)

    def format_email_subject(self, subject):
        return f"{SiteSettings.current().name}: {subject}"

    def logout(self, request):
        user = request.user
        super().logout(request)
        if user.is_authenticated:
            recheck_sign_in(user)

    def set_password(self, user, password):
        """End all sessions of `user` but the one in which they ask for it.

        Who came by a link may sign in at once, by their user name as well: allauth
        forgets the tries by confirmed addresses only.
        """
        is_theirs = self.request.user == user
        key = self.request.session.session_key if is_theirs else None
        change_password(user, password, session_key=key)
        if not is_theirs:
            forget_tries = self._delete_login_attempts_cached_email
            forget_tries(self.request, username=user.username)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Tell `user` what was changed, once it is: nothing waits for the mail."""
        if not settings.MAIL_IS_SET_UP:
            return
        send = super().send_notification_mail
        told = (context or {}) | {"user": user}

        def tell():
            with request_context(self.request):
                send(template_prefix, user, told, email)

        transaction.on_commit(tell)

    def send_mail(self, template_prefix, email, context):
        """Send it in the language of who gets it, if they have chosen one.

        Whoever asks for a mail, as for a new password, need not be who gets it.
        """
        name = SiteSettings.current().name
        site = {"site_name": name, "site_url": settings.SITE_URL}
        links = {n: _at_home(v) for n, v in context.items() if n.endswith("_url")}
        with _locale_of(context.get("user")).active():
            try:
                super().send_mail(template_prefix, email, context | links | site)
            except OSError as error:  # not its words: they may name an address
                logger.error("A mail could not be sent: %s", type(error).__name__)
                sentence = _(
                    "The mail could not be sent. Try again later, or ask an "
                    "administrator."
                )
                messages.error(self.request, sentence)

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


def _at_home(address):
    """Return it at SITE_URL: whoever asks for a mail can name another port, say."""
    path = urlsplit(address)._replace(scheme="", netloc="")
    return f"{settings.SITE_URL}{urlunsplit(path)}"


def _locale_of(user):
    """Return how to write to `user`; as to who asks, where they have chosen nothing."""
    if getattr(user, "language", ""):
        return locales.of_user(user)
    return locales.Locale(get_language(), getattr(user, "zone", None))
