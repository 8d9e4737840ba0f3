"""Who talks to whom, as a command's options say it.

What is not there, or not clear, raises CommandError with one sentence.
"""

import uuid
from dataclasses import dataclass, field

from django.conf import settings
from django.core.management import CommandError
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from conversations.actions.models import use_model
from conversations.models import Conversation, LanguageModel, Persona, Provider, User


@dataclass
class Talk:
    """One conversation, which may not have begun, as this run leads it."""

    user: object
    persona: object
    conversation: object = None
    model: object = None
    overrides: dict = field(default_factory=dict)

    def __post_init__(self):
        self.id = self.conversation.pk if self.conversation else uuid.uuid4()
        self.head_id = self.conversation.head_id if self.conversation else None

    @property
    def address(self):
        path = reverse("conversations:conversation_detail", args=[self.id])
        return f"{settings.SITE_URL}{path}"


def talk_of(options):
    """Return the Talk that the options ask for."""
    user = find_user(options["user"])
    conversation = None
    if options["conversation"] is not None:
        if options["persona"]:
            raise CommandError(
                _("A conversation keeps its persona: --persona is for a new one.")
            )
        conversation = find_conversation(user, options["conversation"])
    persona = (
        conversation.persona if conversation else find_persona(user, options["persona"])
    )
    overrides = {
        "instructions": options["system"],
        "temperature": options["temperature"],
    }
    return Talk(
        user=user,
        persona=persona,
        conversation=conversation,
        model=find_model(options["model"]) if options["model"] else None,
        overrides={k: v for k, v in overrides.items() if v is not None},
    )


def find_user(name):
    """Return the person of that user name or e-mail; without one, the only one."""
    active = User.objects.filter(is_active=True)
    if name:
        named = active.filter(Q(username=name) | Q(email__iexact=name))
        return _only(named, _("There is nobody called “%s” here.") % name)
    for people in (active.filter(is_superuser=True), active):
        found = list(people[:2])
        if len(found) == 1:
            return found[0]
    if not active.exists():
        raise CommandError(
            _("There is nobody here yet. Run: python manage.py createsuperuser")
        )
    raise CommandError(_("Say who you are: --user NAME"))


def find_persona(user, slug):
    """Return the persona of that slug; without one, the one talked to last."""
    usable = Persona.objects.usable_by(user).select_related("version__model")
    if slug:
        slugs = ", ".join(usable.values_list("slug", flat=True))
        refusal = _("There is no persona “%(slug)s” for you. There are: %(slugs)s")
        return _only(
            usable.filter(slug=slug), refusal % {"slug": slug, "slugs": slugs or "–"}
        )
    persona = usable.first_choice_of(user)
    if persona is None:
        raise CommandError(_("There is no persona for you yet. Make one in the admin."))
    return persona


def find_conversation(user, name):
    """Return the conversation of that id or address; for "" the last one."""
    mine = Conversation.objects.owned_by(user).select_related("persona__version")
    if not name:
        return _only(mine.listed()[:1], _("You have no conversation to continue yet."))
    refusal = _("You have no conversation “%s”.") % name
    try:
        pk = uuid.UUID(name.rstrip("/").rpartition("/")[2])
    except ValueError:
        raise CommandError(refusal) from None
    return _only(mine.filter(pk=pk), refusal)


def find_model(name):
    """Return the model of that API name; one we do not know is asked of `.env`'s."""
    models = LanguageModel.objects.select_related("provider")
    found = [model for model in models if name in (model.api_name, str(model))]
    if len(found) == 1:
        return found[0]
    names = "; ".join(f"“{model}”" for model in found or models)
    if found:
        raise CommandError(_("Several are called “%s”. Say which: ") % name + names)
    if Provider.objects.environment().is_demo:
        raise CommandError(_("There is no model “%s”. There are: ") % name + names)
    return use_model(api_name=name)


def _only(rows, refusal):
    found = list(rows[:2])
    if len(found) != 1:
        raise CommandError(refusal)
    return found[0]
