from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.models import Invitation

from .audit import record_act
from .refusals import Refusal
from .users import rights_of


def groups_offered_by(user):
    """Return the groups that `user` may invite people to.

    Nobody gives by an invitation what they may not do themselves: they could take it.
    """
    if user.is_superuser:
        return Group.objects.all()
    beyond = Permission.objects.exclude(pk__in=rights_of(user).values("pk"))
    return Group.objects.exclude(permissions__in=beyond)


@transaction.atomic
def make_invitation(*, invitation, author):
    """Save the new `invitation`, of `author`.

    Raises Refusal for a group that is not theirs to give.
    """
    offered = groups_offered_by(author)
    if invitation.group and not offered.filter(pk=invitation.group.pk).exists():
        detail = _("You cannot invite people to this group.")
        raise Refusal("not_your_group", detail)
    invitation.author = author
    invitation.save()


@transaction.atomic
def revoke_invitation(*, invitation, actor):
    """Take `invitation` back: from now on it lets nobody in. Again is harmless."""
    living = Invitation.objects.filter(pk=invitation.pk, revoked_at=None)
    if living.update(revoked_at=timezone.now()):
        invitation.refresh_from_db()
        record_act(actor, "invitation.revoked", invitation)


@transaction.atomic
def use_invitation(*, invitation, user):
    """Have `user` come by `invitation`: its group is theirs; return whether it was not.

    Who is in that group already uses nothing up. Raises Refusal when it lets nobody in
    any more: of several who come at once for the last place, one gets it.
    """
    group = invitation.group
    # Locked: one who comes twice at once is one.
    Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
    if invitation.people.filter(pk=user.pk).exists():
        return False
    if group and user.groups.filter(pk=group.pk).exists():
        return False
    usable = Invitation.objects.usable().filter(pk=invitation.pk)
    if not usable.update(uses=F("uses") + 1):
        raise Refusal("used_up", _("This invitation is used up or was taken back."))
    invitation.people.add(user)
    if group:
        user.groups.add(group)
    return True
