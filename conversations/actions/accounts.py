"""Leaving: an account is closed at once, what was theirs is erased in small pieces."""

from functools import partial

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.models import Conversation, Message, Report, Share, User
from conversations.rendering import clean

from .bin import delete_batch
from .participants import remove_participant
from .refusals import Refusal
from .sessions import end_all_sessions
from .transfers import remove_transfer

# So many batches are erased while the person waits; a sweep does the rest.
FIRST_BATCHES = 10


def remove_account(user):
    """Close the account of `user` for good and erase what is theirs.

    It takes no more than some seconds; `erase_removed` goes on with what is left.
    Raises Refusal for the last administrator.
    """
    _close(user)
    _erase_first([user])


@transaction.atomic
def remove_accounts(users):
    """The same for several, or for none: they are erased once that is committed."""
    for user in users:
        _close(user)
    transaction.on_commit(partial(_erase_first, users))


@transaction.atomic
def _close(user):
    others = User.objects.filter(is_superuser=True, is_active=True)
    # Locked: two who leave at once would each count the other.
    others = others.order_by("pk").select_for_update(no_key=True)
    if user.is_superuser and not {*others.values_list("pk", flat=True)} - {user.pk}:
        detail = _("You are the only administrator. Name another one first.")
        raise Refusal("last_administrator", detail)
    end_all_sessions(user)
    for place in user.participations.select_related("conversation"):
        remove_participant(place=place)
    for ways_in in (EmailAddress, Authenticator, SocialAccount):
        ways_in.objects.filter(user=user).delete()
    _take_name_away(user)
    user.username = f"removed {user.pk}"  # a space: nobody can take such a name
    user.first_name = user.last_name = user.email = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.removed_at = timezone.now()
    user.set_unusable_password()
    user.save()


def _take_name_away(user):
    """Have what others keep of them, and the log of the admin, name them no more."""
    theirs = Message.objects.filter(author=user)
    for model in (Share, Report):
        elsewhere = model.objects.exclude(conversation__owner=user)
        for row in elsewhere.filter(conversation__in=theirs.values("conversation")):
            said = theirs.filter(conversation=row.conversation_id)
            said = set(map(clean, said.values_list("text", flat=True)))
            _forget_author(row, user, said)
    # Of these nobody knows any more who took part.
    for row in Report.objects.filter(conversation=None).exclude(owner=user):
        _forget_author(row, user)
    # Of what several wrote, a copy that somebody went on with keeps the names alone.
    copies = Conversation.objects.filter(has_people=True, imported_from="").order_by()
    named = Message.objects.filter(conversation__in=copies.values("pk"))
    named.filter(author_name__in=_names_of(user)).update(author_name=None)
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=kind, object_id=str(user.pk)).delete()


def _forget_author(row, user, said=frozenset()):
    """Take `user` off the copy in `row`: by their names, and by what they `said`.

    They may have been called something else when it was taken.
    """
    names = _names_of(user)
    content = [
        item | {"author": None} if _is_by(item, names, said) else item
        for item in row.content
    ]
    if content != row.content:
        row.content = content
        row.save(update_fields=["content"])


def _names_of(user):
    return {user.username, user.first_name} - {""}


def _is_by(item, names, said):
    author = item["author"]  # a number of who is not named stays
    return author in names or (isinstance(author, str) and item["text"] in said)


def erase_removed():
    """Erase a batch of what closed accounts have left; return how many it was.

    0 when nothing is left of any.
    """
    removed = User.objects.exclude(removed_at=None).order_by("removed_at").first()
    return _erase_batch(removed) if removed else 0


def _erase_first(users):
    """Erase so much of what they leave as somebody may wait for."""
    left = iter(users)
    user = next(left, None)
    for _batch in range(FIRST_BATCHES):
        if user is None:
            return
        _erase_batch(user)
        if user.pk is None:
            user = next(left, None)


def _erase_batch(user):
    """Erase some conversations, or at last the account; return how many it was."""
    if deleted := delete_batch(Conversation.objects.filter(owner=user)):
        return deleted
    for transfer in user.transfers.all():
        remove_transfer(transfer=transfer)
    user.delete()
    return 1
