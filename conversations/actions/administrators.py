from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from conversations.models import User

from .refusals import Refusal

_SALT = "first administrator"
TOKEN_SECONDS = 24 * 60 * 60


def has_administrator():
    return User.objects.filter(is_superuser=True, is_active=True).exists()


def make_setup_token():
    """Return what lets its bearer make the first administrator, for a day."""
    return signing.dumps(True, salt=_SALT)


def is_setup_token(token):
    """Whether `token` is good: ours, not too old, and there is no administrator yet."""
    try:
        signing.loads(token, salt=_SALT, max_age=TOKEN_SECONDS)
    except signing.BadSignature:
        return False
    return not has_administrator()


@transaction.atomic
def create_administrator(*, username, email, password):
    """Make the first administrator, who may do everything; return the User.

    Raises Refusal when somebody was faster.
    """
    # Locked, a row that every site has: two at once would each find nobody.
    users = ContentType.objects.filter(app_label="conversations", model="user")
    users.select_for_update(no_key=True).get()
    if has_administrator():
        raise Refusal("not_first", _("This site has its administrator already."))
    return User.objects.create_superuser(username, email, password)
