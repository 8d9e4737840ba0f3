import logging

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.actions.identity import follow_groups
from conversations.actions.refusals import Refusal
from conversations.actions.sign_up import (
    asks_address,
    confirm_address,
    find_invitation,
    is_open_to_account,
    let_go_of_claims,
    people_with,
    welcome,
)
from conversations.models import IdentityProvider, User

logger = logging.getLogger(__name__)


class IdentityAdapter(DefaultSocialAccountAdapter):
    """What this site decides about accounts of somewhere else.

    Every page to sign in asks it which there are. What talks to them is imported only
    where there is one: it takes 50 ms of the start, and 4 MB.
    """

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": _(
            "An account here has this address. Sign in to it, then connect it with %s "
            "in the settings, under Security."
        ),
        "connected_other": _("Somebody else signs in with that account already."),
    }

    # ── the providers ─────────────────────────────────────────────────────────────
    def list_apps(self, request, provider=None, client_id=None):
        """Return ours, as rows that are never saved."""
        offered = IdentityProvider.objects.offered()
        return [
            _app(known)
            for known in offered
            if provider in (None, known.slug) and client_id in (None, known.client_id)
        ]

    def list_providers(self, request):
        return [_provider(request, app) for app in self.list_apps(request)]

    def get_provider(self, request, provider, client_id=None):
        app = self.get_app(request, provider=provider, client_id=client_id)
        return _provider(request, app)

    def get_requests_session(self):
        from conversations.oidc.session import Session

        return Session()

    # ── who comes ─────────────────────────────────────────────────────────────────
    def is_open_for_signup(self, request, sociallogin):
        addresses = [a.email for a in sociallogin.email_addresses if a.verified]
        return is_open_to_account(addresses, _token_of(sociallogin))

    def pre_social_login(self, request, sociallogin):
        if sociallogin.is_existing:
            _follow_address(sociallogin)
            follow_groups(sociallogin.user)
        else:
            let_go_of_claims(a.email for a in sociallogin.email_addresses)
            _lead_to_their_account(request, sociallogin)

    def populate_user(self, request, sociallogin, data):
        """Take no first name that is, to the eye, what somebody is called here.

        Beside what they write, no user name stands.
        """
        user = super().populate_user(request, sociallogin, data)
        seen = filter(str.isprintable, User.normalize_username(user.first_name))
        if User.objects.looking_like("".join(seen).strip()).exists():
            user.first_name = ""
        return user

    def save_user(self, request, sociallogin, form=None):
        token = _token_of(sociallogin)
        invitation = find_invitation(token)
        try:
            with transaction.atomic():
                user = super().save_user(request, sociallogin, form)
                # What the other site has not confirmed, they confirm here.
                is_unsure = asks_address(invitation) and _lacks_confirmation(user)
                welcome(user, invitation=invitation, has_address=is_unsure)
        except Refusal:
            page = redirect("conversations:invitation_detail", token)
            raise ImmediateHttpResponse(page) from None
        except IntegrityError:  # in this very moment, somebody was faster
            raise ImmediateHttpResponse(_once_more(request, sociallogin)) from None
        sociallogin.state.pop("invitation", None)  # it is taken
        follow_groups(user)
        return user

    def on_authentication_error(
        self, request, provider, error=None, exception=None, extra_context=None
    ):
        """Leave the administrators a line; what was said is no more than its kind."""
        from .protocol import ProtocolError

        reason = type(exception).__name__ if exception else error
        if isinstance(exception, ProtocolError):
            reason = str(exception)
        logger.warning("Signing in with %s failed: %s", provider.sub_id, reason)


def _provider(request, app):
    from .protocol import SiteProvider

    return SiteProvider(request, app=app)


def _lead_to_their_account(request, sociallogin):
    """Have who has an account already, by a confirmed address, sign in to it first.

    The other site says whose that address is, so that nobody else learns of it.
    """
    if sociallogin.state.get("process") in (AuthProcess.CONNECT, AuthProcess.REDIRECT):
        return
    confirmed = [a.email for a in sociallogin.email_addresses if a.verified]
    if not any(people_with(address).exists() for address in confirmed):
        return
    said = IdentityAdapter.error_messages["email_taken"]
    messages.error(request, said % sociallogin.provider.name)
    token = _token_of(sociallogin)
    invited = "conversations:invitation_detail"
    page = reverse(invited, args=[token]) if token else "/"
    raise ImmediateHttpResponse(redirect_to_login(page, resolve_url("account_login")))


def _once_more(request, sociallogin):
    """Lead to a page where they are asked for what is taken, or who they are by now."""
    from allauth.socialaccount.internal.flows.signup import redirect_to_signup

    account = sociallogin.account
    taken = SocialAccount.objects.filter(provider=account.provider, uid=account.uid)
    if taken.exists():  # they came twice at once
        return redirect("account_login")
    sociallogin.user.pk = None
    return redirect_to_signup(request, sociallogin)


def _lacks_confirmation(user):
    """Whether they have an address, and none that was confirmed anywhere."""
    known = set(EmailAddress.objects.filter(user=user).values_list("verified"))
    return known == {(False,)}


def _follow_address(sociallogin):
    """Let in who waits for a mail, once the other site has confirmed their address."""
    user = sociallogin.user
    if not user.awaits_confirmation:
        return
    confirmed = [a.email for a in sociallogin.email_addresses if a.verified]
    for address in EmailAddress.objects.filter(user=user, email__in=confirmed):
        if address.set_verified():
            confirm_address(user)


def _token_of(sociallogin):
    """The invitation with which they left for there; "" without one."""
    return sociallogin.state.get("invitation", "")


def _app(known):
    return SocialApp(
        provider="openid_connect",
        provider_id=known.slug,
        name=known.name,
        client_id=known.client_id,
        secret=known.client_secret,
        settings={
            "server_url": known.url,
            "scope": known.scopes.split(),
            "groups_claim": known.groups_claim,
        },
    )
