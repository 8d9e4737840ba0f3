"""Who may make an account by themselves, and what becomes of it."""

from datetime import timedelta

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from conversations import rendering
from conversations.models import Invitation, SiteSettings, User

from .invitations import use_invitation

Mode = SiteSettings.SignUp
ERASED_AT_ONCE = 100


def find_invitation(token):
    """Return the invitation of that token which lets somebody in now, or None."""
    if not token:
        return None
    usable = Invitation.objects.usable().select_related("group")
    return usable.filter(token=rendering.clean(token)).first()


def is_open_to(token=""):
    """Whether somebody with this invitation, "" without one, may sign up now."""
    if _is_invited(token):
        return True
    mode = SiteSettings.current().sign_up_mode
    # Without mail nobody could confirm that the address is theirs.
    return mode == Mode.OPEN or (mode == Mode.DOMAINS and settings.MAIL_IS_SET_UP)


def is_open_to_account(addresses, token=""):
    """Whether somebody new may come in with an account that they have elsewhere.

    `addresses` are those that it has confirmed as theirs, `token` is of an invitation.
    """
    if _is_invited(token):
        return True
    mode = SiteSettings.current().sign_up_mode
    is_of_domain = mode == Mode.DOMAINS and any(map(is_welcome, addresses))
    return mode == Mode.OPEN or is_of_domain


def _is_invited(token):
    is_closed = SiteSettings.current().sign_up_mode == Mode.CLOSED
    return not is_closed and find_invitation(token) is not None


def asks_address(invitation):
    """Whether one gives an address, and confirms it, to sign up.

    By invitation nobody needs one; where no mail leaves, it would be worth nothing.
    """
    return settings.MAIL_IS_SET_UP and invitation is None


def is_welcome(address):
    """Whether the site takes people who have this address."""
    site_settings = SiteSettings.current()
    domain = address.rpartition("@")[2].lower()
    is_choosy = site_settings.sign_up_mode == Mode.DOMAINS
    return not is_choosy or domain in site_settings.domains


def people_with(address):
    """Keep those whose address it is: confirmed, given for them, or awaited from them.

    Not those who merely added it to their own: it may be anybody's, who is not to be
    held up by that.
    """
    if not address:  # many have none
        return User.objects.none()
    claims = EmailAddress.objects.filter(email=address.lower())
    claims = claims.filter(Q(verified=True) | Q(user__awaits_confirmation=True))
    return User.objects.filter(
        Q(email__iexact=address) | Q(pk__in=claims.values("user"))
    )


def let_go_of_claims(addresses):
    """Drop these from those who merely added them: their owner comes and has them."""
    unproven = EmailAddress.objects.filter(verified=False)
    for address in addresses:
        claims = unproven.filter(email=address.lower())
        claims.exclude(user__in=people_with(address)).delete()


@transaction.atomic
def welcome(user, *, invitation, has_address):
    """Finish the account that `user` has just made.

    With an address they come in once it is confirmed. Raises Refusal when the
    invitation was used up in the meantime.
    """
    if invitation is not None:
        use_invitation(invitation=invitation, user=user)
    if has_address:
        user.awaits_confirmation = True
        user.save(update_fields=["awaits_confirmation"])


def confirm_address(user):
    """Let `user` in: the address they signed up with is theirs."""
    if user.awaits_confirmation:
        user.awaits_confirmation = False
        user.save(update_fields=["awaits_confirmation"])


def erase_unconfirmed():
    """Erase accounts whose address was not confirmed in time: their names are free.

    Returns how many of a batch it were, 0 when there is none left.
    """
    limit = timezone.now() - timedelta(days=app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS)
    forgotten = User.objects.filter(
        awaits_confirmation=True, last_login=None, date_joined__lt=limit
    )
    batch = list(forgotten.order_by("pk")[:ERASED_AT_ONCE])
    for user in batch:
        user.delete()
    return len(batch)
