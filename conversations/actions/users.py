"""What people choose for themselves."""


def save_settings(user, chosen):
    """Save what `user` has chosen: a dict of their own fields, already checked."""
    for name, value in chosen.items():
        setattr(user, name, value)
    user.save(update_fields=list(chosen))


def may_administer(actor, user):
    """Whether `actor` may change the account of `user`, who may do no more than they.

    Otherwise they could sign in as somebody who may.
    """
    if actor.is_superuser:
        return True
    return not user.is_superuser and (
        user.get_all_permissions() <= actor.get_all_permissions()
    )
