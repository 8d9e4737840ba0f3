"""Names that somebody tries out: each answer says whether somebody is called so."""

from django.utils.translation import gettext as _

from conversations.limits import add_up

from .refusals import Refusal

MOST_TRIES, TRY_SECONDS = 30, 60 * 60


def count_tries(user, number=1):
    """Count so many names more that `user` has tried out; raises Refusal for too many.

    To be called before the answer is given.
    """
    if add_up(f"invite.{user.pk}", number, TRY_SECONDS) > MOST_TRIES:
        detail = _("You have tried too many names. Try again in an hour.")
        raise Refusal("too_often", detail)
