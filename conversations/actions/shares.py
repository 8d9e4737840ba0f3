from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from conversations import events
from conversations.models import Persona, Share, User
from conversations.models.shares import offered_audiences

from . import snapshots
from .refusals import Refusal, count
from .tries import count_tries
from .turns import take_turn

MOST_LINKS = 20  # to one conversation: each is a copy of it
MOST_READERS = 100  # of one link


def create_share(
    *,
    user,
    conversation,
    audience,
    reader_names=(),
    shows_author=False,
    head_id=None,
):
    """Make a link to the branch of `conversation` as it is now; return the Share.

    The branch is the one down to `head_id`, or that which is selected. `reader_names`
    are the user names of those who may read it, for the audience "chosen".

    Raises Refusal when the site does not allow that audience, when a name is unknown,
    when there is nothing to share, and when there are too many links already, or too
    many made in a minute: each renders the whole branch.
    """
    if audience not in dict(offered_audiences()):
        raise Refusal("not_offered", _("This site does not allow such links."))
    is_chosen = audience == Share.Audience.CHOSEN
    readers = _find_readers(user, reader_names) if is_chosen else []
    taken = _take(user, conversation, head_id, shows_author)
    with transaction.atomic():
        take_turn(user.pk)
        if conversation.shares.count() >= MOST_LINKS:
            raise Refusal(
                "too_many",
                _("There are %(most)d links to it already. Take one back first.")
                % {"most": MOST_LINKS},
            )
        share = Share.objects.create(
            conversation=conversation,
            author=user,
            audience=audience,
            shows_author=shows_author,
            title=conversation.title,
            content=taken,
        )
        share.readers.set(readers)
    return share


def renew_share(*, share, head_id=None):
    """Have the link lead to the branch as it is now. See create_share for Refusals."""
    conversation = share.conversation
    taken = _take(share.author, conversation, head_id, share.shows_author)
    # Not by save: a link that was taken back in the meantime stays so.
    Share.objects.filter(pk=share.pk).update(
        title=conversation.title, content=taken, taken_at=timezone.now()
    )


def revoke_share(*, share):
    """Take the link back: from now on it leads nowhere."""
    share.delete()


def continue_share(*, user, share, persona_slug=""):
    """Begin a conversation of `user` with what `share` shows; return it.

    They go on with the persona of `persona_slug`; without one, with that which wrote
    last if they may use it, else with their first choice. Raises Refusal when they may
    use none, or not that one, and for too many in a minute: it is as much as a message.
    """
    usable = Persona.objects.usable_by(user).select_related("version")
    if persona_slug:
        persona = usable.filter(slug=persona_slug).first()
    else:
        persona = persona_to_continue(share, usable, user)
    if persona is None:
        raise Refusal("no_persona", _("Choose a persona to talk to."))
    count(user, "messages_per_minute")
    conversation = snapshots.copy(
        share.content, owner=user, persona=persona, title=share.title
    )
    events.changed_in_lists(conversation.pk, [user.pk])
    return conversation


def persona_to_continue(share, usable, user):
    """Return whom of `usable` the copy begins with, None when there is nobody."""
    slugs = [item["persona"]["slug"] for item in share.content if item["persona"]]
    wrote_last = usable.filter(slug=slugs[-1]).first() if slugs else None
    return wrote_last or usable.first_choice_of(user)


def _take(user, conversation, head_id, shows_author):
    count(user, "messages_per_minute")
    head_id = conversation.head_id if head_id is None else head_id
    taken = snapshots.take(conversation, head_id, shows_author=shows_author)
    if not taken:
        raise Refusal("nothing", _("There is nothing to share here yet."))
    return taken


def _find_readers(user, names):
    """Return the people of those user names; large and small letters may differ."""
    names = list(dict.fromkeys(names))
    if len(names) > MOST_READERS:
        raise Refusal(
            "too_many_readers",
            _("At most %(most)d people can be chosen for a link.")
            % {"most": MOST_READERS},
        )
    lowered = [name.lower() for name in names]
    people = User.objects.filter(is_active=True).alias(lower=Lower("username"))
    people = people.filter(Q(username__in=names) | Q(lower__in=lowered))
    found = {person.username: person for person in people}
    by_lower = {person.username.lower(): person for person in people}
    chosen = [found.get(name) or by_lower.get(name.lower()) for name in names]
    unknown = [name for name, person in zip(names, chosen, strict=True) if not person]
    if unknown:
        count_tries(user, len(unknown))
        raise Refusal("unknown_reader", _nobody(unknown))
    others = [person for person in chosen if person != user]
    if not others:
        raise Refusal("no_reader", _("Write the user name of at least one person."))
    return others


def _nobody(names):
    quoted = [_("“%(name)s”") % {"name": name} for name in names]
    return _("Nobody here is called %(names)s. Look at the spelling.") % {
        "names": get_text_list(quoted, _("or"))
    }
