from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from .audit import record_act
from .refusals import Refusal
from .sessions import end_other_sessions
from .users import may_administer


@transaction.atomic
def change_password(user, password, *, session_key=None):
    """Give `user` a new password; None: one that nothing matches.

    Their sessions end, all but that of `session_key`.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    end_other_sessions(user, session_key)


@transaction.atomic
def make_reset_link(*, user, actor):
    """Return the address at which `user` chooses a new password, once.

    Like one that is sent by mail it is good for PASSWORD_RESET_TIMEOUT seconds, until
    they sign in or their password changes. Raises Refusal where `actor` may not, and
    for a closed account.
    """
    if not may_administer(actor, user):
        detail = _("You may not do this for somebody who may do more than you.")
        raise Refusal("not_yours", detail)
    if not user.is_active:
        raise Refusal("closed", _("This account is closed. Open it first."))
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    names = {"uidb36": user_pk_to_url_str(user), "key": token}
    path = reverse("account_reset_password_from_key", kwargs=names)
    record_act(actor, "reset_link.made", user)
    return f"{settings.SITE_URL}{path}"
