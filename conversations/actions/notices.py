"""What the site tells everybody: tabs that are open show it at once."""

from django.db import transaction

from conversations import events
from conversations.models import NoticeDismissal


@transaction.atomic
def save_notice(*, notice, groups):
    """Save `notice`, which `groups` see where its audience are groups."""
    notice.save()
    notice.groups.set(groups)
    _tell()


@transaction.atomic
def remove_notice(*, notice):
    notice.delete()
    _tell()


def dismiss_notice(*, notice, user):
    """Put it away for `user`, for good; twice is once."""
    NoticeDismissal.objects.get_or_create(notice=notice, user=user)


def _tell():
    events.publish_on_commit(events.EVERYBODY, events.NOTICES_CHANGED)
