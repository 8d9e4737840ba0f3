from django.db import transaction

from .sessions import end_other_sessions


@transaction.atomic
def change_password(user, password, *, session_key=None):
    """Give `user` a new password; None: one that nothing matches.

    Their sessions end, all but that of `session_key`.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    end_other_sessions(user, session_key)
