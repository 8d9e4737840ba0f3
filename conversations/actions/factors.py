"""Second factors: taken from who has lost them, and passkeys in place of a password."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext as _

from conversations.models import IdentityProvider, User
from conversations.models.factors import has_passkey

from .audit import record_act
from .passwords import change_password
from .refusals import Refusal
from .sessions import end_all_sessions
from .turns import take_turn
from .users import may_administer


@transaction.atomic
def reset_factors(*, user, actor):
    """Take every second factor from `user`, and sign them out everywhere.

    For who has lost them: the password alone opens the account again. Raises Refusal
    where `actor` may not, as `user` may do more than they.
    """
    if not may_administer(actor, user):
        raise Refusal("not_yours", _("This account may do more than yours."))
    Authenticator.objects.filter(user=user).delete()
    end_all_sessions(user)
    record_act(actor, "factors.reset", user)


@transaction.atomic
def remove_password(*, user, session_key):
    """Leave `user` no password: from now on they sign in with a passkey.

    Their sessions end, all but that of `session_key`. Raises Refusal for who has none.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if not has_passkey(user):
        raise Refusal("no_passkey", _("Add a passkey first."))
    change_password(user, None, session_key=session_key)


def check_other_way_in(*, user, without):
    """Raise Refusal where `user` could not sign in any more `without` this one.

    It is a passkey or an account of somewhere else, and goes in this transaction: of
    two that go at once, one has to stay.
    """
    take_turn(user.pk)
    user.refresh_from_db(fields=["password"])
    passkeys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    offered = [provider.slug for provider in IdentityProvider.objects.offered()]
    accounts = SocialAccount.objects.filter(user=user, provider__in=offered)
    ways = [*passkeys, *accounts]
    if user.has_usable_password() or without not in ways or len(ways) > 1:
        return
    detail = _("It is your only way to sign in. Set a password or add another first.")
    raise Refusal("last_way_in", detail)
