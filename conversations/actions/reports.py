from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import rendering
from conversations.models import Report

from . import snapshots
from .audit import record_act
from .refusals import Refusal
from .turns import take_turn

MOST_CHARACTERS = Report._meta.get_field("note").max_length
MOST_OPEN = 50  # of one person: each is a copy of a branch


def report_message(*, user, message, reason, note=""):
    """Show `message` to the moderators, and its branch down to it; return the Report.

    They see what it is now, and nothing else of the conversation. Raises Refusal for an
    unknown reason, a note that is too long, what was reported already, and too many.
    """
    conversation = message.conversation
    same = Report.objects.open().filter(reporter=user, message_id=message.pk)
    _check_new(same)
    return _report(
        user,
        same,
        reason,
        note,
        owner_id=conversation.owner_id,
        conversation=conversation,
        message_id=message.pk,
        persona=message.persona if message.is_reply else conversation.persona,
        content=snapshots.take(conversation, message.pk, shows_author=True),
    )


def report_share(*, user, share, reason, note=""):
    """Show the page of a link to the moderators. See report_message for Refusals."""
    conversation = share.conversation
    same = Report.objects.open().filter(
        reporter=user, conversation=conversation, message_id=None
    )
    _check_new(same)
    return _report(
        user,
        same,
        reason,
        note,
        owner_id=share.author_id,
        conversation=conversation,
        persona=conversation.persona,
        content=share.content,
    )


@transaction.atomic
def close_report(*, report, state, moderator):
    """Say what became of a report: resolved or dismissed. Closed once, it stays so."""
    if state not in (Report.State.RESOLVED, Report.State.DISMISSED):
        raise ValueError(state)
    closed = Report.objects.open().filter(pk=report.pk)
    if closed.update(state=state, closed_by=moderator, closed_at=timezone.now()):
        changes = {"state": [report.state, state]}
        record_act(moderator, "report.closed", report, changes)


def _check_new(same):
    if same.exists():
        raise Refusal("reported", _("You have reported it; nobody has closed it yet."))


def _report(user, same, reason, note, **facts):
    if reason not in Report.Reason.values:
        raise Refusal("no_reason", _("Choose what is wrong with it."))
    note = rendering.clean(note).strip()
    if len(note) > MOST_CHARACTERS:
        raise Refusal(
            "too_long",
            _("Your note has %(size)d characters; at most %(most)d fit.")
            % {"size": len(note), "most": MOST_CHARACTERS},
        )
    with transaction.atomic():
        take_turn(user.pk)
        _check_new(same)
        if user.reports.open().count() >= MOST_OPEN:
            detail = _(
                "%(most)d of your reports are open. Wait until somebody has seen them."
            )
            raise Refusal("too_many", detail % {"most": MOST_OPEN})
        return Report.objects.create(reporter=user, reason=reason, note=note, **facts)
