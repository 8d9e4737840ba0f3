from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import rendering
from conversations.models import Feedback

from .refusals import Refusal

MOST_CHARACTERS = Feedback._meta.get_field("note").max_length


def give_feedback(*, user, reply, verdict, note=""):
    """Note what `user` thinks of `reply`, in place of what they thought before.

    Raises Refusal for a person's message, a reply that is still being written, an
    unknown verdict and a note that is too long.
    """
    if not reply.is_reply or reply.generation.is_open:
        raise Refusal("no_reply", _("Feedback is for a reply that has ended."))
    if verdict not in Feedback.Verdict.values:
        raise Refusal("no_verdict", _("Say whether it was good or bad."))
    note = rendering.clean(note).strip()
    if len(note) > MOST_CHARACTERS:
        raise Refusal(
            "too_long",
            _("Your note has %(size)d characters; at most %(most)d fit.")
            % {"size": len(note), "most": MOST_CHARACTERS},
        )
    return Feedback.objects.update_or_create(
        reply=reply,
        user=user,
        defaults={"verdict": verdict, "note": note, "given_at": timezone.now()},
    )[0]


def take_back_feedback(*, user, reply):
    """Forget what `user` thought of `reply`."""
    Feedback.objects.filter(reply=reply, user=user).delete()
