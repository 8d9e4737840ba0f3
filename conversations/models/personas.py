from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, JSONField, OuterRef, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .generations import Generation
from .loaded import Loaded
from .prepared import Prepared
from .providers import LanguageModel
from .translations import part_in_language


class PersonaQuerySet(models.QuerySet):
    def model_of(self, persona_id):
        """Return the model by which that persona answers; for None the site's own."""
        named = self.filter(pk=persona_id).values("version__model")
        rows = LanguageModel.objects.select_related("provider").filter(pk__in=named)
        return rows.first() or LanguageModel.objects.default()

    def usable_by(self, user):
        """Keep the personas `user` may talk to.

        They are the published ones that are open to all or to a group of theirs;
        whoever may edit personas may try the drafts too.
        """
        if user.has_perm("conversations.change_persona"):
            return self.exclude(state=Persona.State.RETIRED).exclude(version=None)
        return self.offered_to(user)

    def offered_to(self, user):
        """Keep the published ones that are open to all or to a group of `user`."""
        mine = Q(groups=None) | Q(groups__user=user)
        published = self.filter(state=Persona.State.PUBLISHED).exclude(version=None)
        return published.filter(mine, _by_a_model_for(user)).distinct()

    def met_by(self, user):
        """Keep those that `user` may talk to, or that have answered them."""
        usable = Q(pk__in=self.usable_by(user).values("pk"))
        talked_to = Q(pk__in=user.conversations.values("persona"))
        places = user.participations.joined()
        together = Q(pk__in=places.values("conversation__persona"))
        replied = Generation.objects.filter(persona_version__persona=OuterRef("pk"))
        replies = Exists(replied.filter(message__conversation__owner=user))
        here = replied.filter(message__conversation__in=places.values("conversation"))
        return self.filter(usable | talked_to | together | replies | Exists(here))

    def first_choice_of(self, user):
        """Return the one `user` has chosen, else talked to last, else the first.

        None when there is none at all.
        """
        return first_choice(self, user)


def first_choice(personas, user):
    """See PersonaQuerySet.first_choice_of."""
    found = {persona.pk: persona for persona in personas}
    if chosen := found.get(user.default_persona_id):
        return chosen
    last = [found[pk] for (pk,) in _talked_to_last(user.pk) if pk in found]
    return last[0] if last else next(iter(found.values()), None)


@Prepared
def _talked_to_last(user_id):
    conversations = apps.get_model("conversations", "Conversation").objects
    rows = conversations.filter(owner=user_id).listed()
    return rows.values_list("persona")[:1]


def _by_a_model_for(user):
    """Their model is open to all or to a group of `user`, or the site's own."""
    groups = LanguageModel.groups.through.objects.filter(
        languagemodel=OuterRef("version__model")
    )
    mine = groups.filter(group__user=user)
    # Nobody knows any more for whom a model was that is gone.
    is_known = Q(version__model_is_gone=False)
    return is_known & (Q(version__model=None) | ~Exists(groups) | Exists(mine))


def note_gone(collector, field, versions, using):
    """The on_delete of a version's model: "the site's own" is not "gone"."""
    models.SET_NULL(collector, field, versions, using)
    is_gone = PersonaVersion._meta.get_field("model_is_gone")
    collector.add_field_update(is_gone, True, versions)


class Persona(Loaded, models.Model):
    """Somebody to talk to. What it says is in its current `version`."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        RETIRED = "retired", _("Retired")

    slug = models.SlugField(
        _("short name"), unique=True, help_text=_("Stands in addresses and commands.")
    )
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(
        _("description"), max_length=200, blank=True, help_text=_("One line.")
    )
    # {language: {"name", "description"}}, for who reads another language.
    translations = models.JSONField(
        default=dict, blank=True, editable=False, db_default=Value({}, JSONField())
    )
    avatar_emoji = models.CharField(_("emoji"), max_length=16, blank=True)
    avatar_image = models.FileField(
        _("image"), upload_to="avatars/", blank=True, editable=False
    )
    groups = models.ManyToManyField(
        "auth.Group",
        blank=True,
        related_name="personas",
        verbose_name=_("groups"),
        help_text=_("Who may use it. None chosen: everybody."),
    )
    position = models.PositiveIntegerField(_("order"), default=0)
    state = models.CharField(
        _("state"), max_length=16, choices=State, default=State.DRAFT
    )
    version = models.ForeignKey(
        "PersonaVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonaQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("persona")
        verbose_name_plural = _("personas")

    def __str__(self):
        return self.name

    @property
    def shown_name(self):
        """Its name in the reader's language."""
        return part_in_language(self.translations, "name", self.name)

    @property
    def all_names(self):
        """What people may call it, whatever they read: its short name as well."""
        translated = (parts.get("name") for parts in self.translations.values())
        return [name for name in (self.name, self.slug, *translated) if name]

    @property
    def shown_description(self):
        return part_in_language(self.translations, "description", self.description)

    @property
    def greeting(self):
        return self.version.shown_greeting if self.version else ""

    @property
    def starters(self):
        return self.version.shown_starters if self.version else []

    @property
    def initial(self):
        """The letter that stands for a persona without emoji or image."""
        return self.name[:1].upper()

    @property
    def avatar_url(self):
        """Where its image is; "" without one. A new image has a new address."""
        if not self.avatar_image:
            return ""
        address = reverse("conversations:persona_avatar", args=[self.slug])
        return f"{address}?v={self.avatar_image.name.rpartition('/')[2][:16]}"


class PersonaVersion(Loaded, models.Model):
    """What a persona was told at one time. Never changed: editing adds another."""

    class History(models.TextChoices):
        ALL = "all", _("All that fits")
        LAST_TURNS = "last_turns", _("The last turns")
        NONE = "none", _("None: each question on its own")

    persona = models.ForeignKey(Persona, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    instructions = models.TextField(
        _("instructions"),
        blank=True,
        help_text=_(
            "Sent before the conversation. May hold {{ user.name }}, {{ today }} "
            "and {{ language }}."
        ),
    )
    model = models.ForeignKey(
        "LanguageModel",
        note_gone,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("model"),
        help_text=_("Empty: the site's own."),
    )
    model_is_gone = models.BooleanField(default=False, db_default=False, editable=False)
    temperature = models.FloatField(
        _("temperature"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(2)],
        help_text=_("0 is steady, 2 is wild. Empty: the model's own."),
    )
    top_p = models.FloatField(
        _("top p"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("0 to 1. Empty: the model's own."),
    )
    max_output_tokens = models.PositiveIntegerField(
        _("longest reply, in tokens"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    history_policy = models.CharField(
        _("history it is sent"), max_length=16, choices=History, default=History.ALL
    )
    history_turns = models.PositiveIntegerField(
        _("number of turns"),
        default=10,
        validators=[MinValueValidator(1)],
        help_text=_("For “the last turns”: questions with their replies."),
    )
    starters = models.JSONField(_("starters"), default=list, blank=True)
    greeting = models.TextField(_("greeting"), blank=True)
    # {language: {"greeting", "starters"}}, for who reads another language.
    translations = models.JSONField(
        _("translations"),
        default=dict,
        blank=True,
        db_default=Value({}, JSONField()),
    )
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("Why it was changed.")
    )
    author = models.ForeignKey(
        "User", models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    # What an editor may change, and so what makes a version differ from another.
    CONTENT_FIELDS = (
        "instructions",
        "model",
        "temperature",
        "top_p",
        "max_output_tokens",
        "history_policy",
        "history_turns",
        "starters",
        "greeting",
        "translations",
    )

    class Meta:
        ordering = ["-number"]
        verbose_name = _("persona version")
        verbose_name_plural = _("persona versions")
        constraints = [
            models.UniqueConstraint(
                fields=["persona", "number"], name="version_once_per_persona"
            )
        ]

    def __str__(self):
        return f"{self.persona} {self.number}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise ValidationError(_("A version is never changed: add another."))
        super().save(*args, **kwargs)

    @property
    def shown_greeting(self):
        """Its greeting in the reader's language."""
        return part_in_language(self.translations, "greeting", self.greeting)

    @property
    def shown_starters(self):
        return part_in_language(self.translations, "starters", self.starters)

    @property
    def content(self):
        """Return the values of CONTENT_FIELDS as a dict."""
        return {name: getattr(self, name) for name in self.CONTENT_FIELDS}
