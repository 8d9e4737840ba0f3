"""Names that somebody tries out: each answer says whether somebody is called so."""

from contextlib import suppress

from django.core.cache import cache
from django.utils.translation import gettext as _

from .refusals import Refusal

MOST_TRIES, TRY_SECONDS = 30, 60 * 60


def count_tries(user, number=1):
    """Count so many names more that `user` has tried out; raises Refusal for too many.

    To be called before the answer is given.
    """
    key = f"invite.{user.pk}"
    tries = number
    if not cache.add(key, number, TRY_SECONDS):
        with suppress(ValueError):  # the cache has forgotten it in between
            tries = cache.incr(key, number)
    if tries > MOST_TRIES:
        detail = _("You have tried too many names. Try again in an hour.")
        raise Refusal("too_often", detail)
