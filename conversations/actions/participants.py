"""Several people in one conversation: asked by its owner, by name, until they leave."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import events
from conversations.models import Conversation, Participant, User
from conversations.models.participants import MOST_PLACES

from .refusals import Refusal
from .tries import count_tries

MOST_PEOPLE = 50  # in one conversation, beside its owner


def invite_person(*, conversation, name):
    """Ask the person of that user name to take part; return the Participant.

    Large and small letters may differ. Raises Refusal when nobody has that name, when
    they are there already, when there are too many, and for a temporary chat.
    """
    owner = conversation.owner
    if conversation.expires_at:
        raise Refusal("temporary", _("Nobody can be invited to a temporary chat."))
    count_tries(owner)
    person = _find_person(owner, name)
    with transaction.atomic():
        _lock(conversation)
        places = Participant.objects.filter(conversation=conversation)
        if places.filter(user=person).exists():
            said = _("%(name)s has been invited already.")
            raise Refusal("there_already", said % {"name": person.username})
        # Two who ask the same person at once would both find the last place free.
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        _check_room(places, person)
        place = Participant.objects.create(
            conversation=conversation, user=person, invited_by=owner
        )
        _tell(conversation.pk, person.pk)
    return place


def _find_person(owner, name):
    active = User.objects.filter(is_active=True)
    exact = active.filter(username=name).first()
    person = exact or active.filter(username__iexact=name).first()
    if person is None:
        said = _("Nobody here is called “%(name)s”. Look at the spelling.")
        raise Refusal("unknown_name", said % {"name": name})
    if person == owner:
        raise Refusal("own_name", _("This conversation is yours already."))
    return person


def _check_room(places, person):
    if places.count() >= MOST_PEOPLE:
        said = _("At most %(most)d people can take part.")
        raise Refusal("too_many", said % {"most": MOST_PEOPLE})
    if person.participations.count() >= MOST_PLACES:
        said = _("%(name)s takes part in too many conversations to be invited.")
        raise Refusal("too_many", said % {"name": person.username})


@transaction.atomic
def join_conversation(*, place):
    """Accept: from now on they read and write there. Twice is once."""
    conversation = _lock(place.conversation)
    rows = Participant.objects.invited().filter(pk=place.pk)
    now = timezone.now()
    # They begin where the owner stands.
    if rows.update(joined_at=now, changed_at=now, head=conversation.head_id):
        Conversation.objects.filter(pk=conversation.pk).update(has_people=True)
        _tell(conversation.pk, place.user_id, conversation.owner_id)


@transaction.atomic
def remove_participant(*, place):
    """End the part of somebody, or the invitation; their open pages close.

    What they wrote stays, with their name. They leave by themselves in the same way.
    """
    conversation = _lock(place.conversation)
    Participant.objects.filter(pk=place.pk).delete()
    events.publish_on_commit(
        events.conversation_group(conversation.pk),
        events.ACCESS_CHANGED,
        user=place.user_id,
    )
    _tell(conversation.pk, place.user_id, conversation.owner_id)


@transaction.atomic
def choose_replies(*, conversation, when):
    """Have the persona reply to every message, or only where it is mentioned."""
    Conversation.objects.filter(pk=conversation.pk).update(replies_when=when)
    _tell(conversation.pk)


def tell_participants(conversation_ids):
    """Have those who take part, or are asked to, look at what became of these."""
    places = Participant.objects.filter(conversation__in=conversation_ids)
    for conversation_id, user_id in places.values_list("conversation", "user"):
        events.changed_in_lists(conversation_id, [user_id])


def _lock(conversation):
    """Whoever writes there meanwhile still may, or does not any more: never both."""
    rows = Conversation.objects.select_for_update(no_key=True)
    return rows.get(pk=conversation.pk)


def _tell(conversation_id, *user_ids):
    """Tell the pages of the conversation, and the lists of these people."""
    events.changed_on_pages(conversation_id)
    events.changed_in_lists(conversation_id, user_ids)
