"""What people choose for themselves, and what they may do."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.db.models import Q


def save_settings(user, chosen):
    """Save what `user` has chosen: a dict of their own fields, already checked."""
    for name, value in chosen.items():
        setattr(user, name, value)
    user.save(update_fields=list(chosen))


def drop_other_addresses(user):
    """Leave `user` the address of their account alone; return whether others went.

    A link for a new password would go to those as well.
    """
    others = EmailAddress.objects.filter(user=user).exclude(email=user.email)
    deleted, _ = others.delete()
    return bool(deleted)


def may_administer(actor, user):
    """Whether `actor` may change the account of `user`, who may do no more than they.

    Otherwise they could sign in as somebody who may.
    """
    if actor.is_superuser:
        return True
    beyond = rights_of(user).exclude(pk__in=rights_of(actor).values("pk"))
    return not user.is_superuser and not beyond.exists()


def rights_of(user):
    """Return what `user` may do by themselves and by their groups, as Permissions.

    Also while they are shut out: whoever lets them in again gives them all of it.
    """
    return Permission.objects.filter(Q(user=user) | Q(group__user=user)).distinct()
