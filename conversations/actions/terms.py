from django.db import transaction
from django.utils.translation import gettext as _

from conversations.models import Terms, TermsAcceptance

from .refusals import Refusal


def save_terms(*, terms):
    """Save `terms`: from when they are in force, nobody goes on without them."""
    terms.save()


@transaction.atomic
def accept_terms(*, user, terms_id):
    """Record that `user` has accepted the terms of that id, as they were shown.

    Raises Refusal when those are not the ones in force any more.
    """
    current = Terms.current()
    if current is None or current.pk != terms_id:
        raise Refusal("out_of_date", _("The terms have changed. Read the newest."))
    TermsAcceptance.objects.get_or_create(terms=current, user=user)
    user.accepted_terms = current
    user.save(update_fields=["accepted_terms"])
