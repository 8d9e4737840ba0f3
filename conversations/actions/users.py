"""What people choose for themselves."""


def save_settings(user, chosen):
    """Save what `user` has chosen: a dict of their own fields, already checked."""
    for name, value in chosen.items():
        setattr(user, name, value)
    user.save(update_fields=list(chosen))
