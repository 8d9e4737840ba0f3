from django.db import connection

from conversations.models import User
from conversations.models.prepared import Prepared


def take_turn(user_id):
    """Have what this person does at once wait for its turn: what is counted holds.

    In a transaction, until its end: after its conversation is locked, and before its
    budgets are, so that nobody waits for one who waits for them.
    """
    if connection.features.has_select_for_update:  # others have one writer at a time
        _locked(user_id)


@Prepared
def _locked(user_id):
    rows = User.objects.filter(pk=user_id).select_for_update(no_key=True)
    return rows.values_list("pk")
