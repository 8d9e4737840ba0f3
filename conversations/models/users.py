from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations import locales
from conversations.matching import looks_like

from .loaded import Loaded
from .prepared import Prepared


def site_languages():
    """Return the languages of the site as choices: a setting is no migration."""
    return settings.LANGUAGES


def validate_time_zone(name):
    if name not in locales.zone_names():
        raise ValidationError(
            _("“%(name)s” is no time zone. Write one like Asia/Jakarta."),
            params={"name": name},
        )


class PeopleManager(UserManager):
    use_in_migrations = False

    def get(self, *args, **asked):
        """Find one by `pk` alone, as each request does, by a query that is kept."""
        is_by_pk = not args and asked.keys() == {"pk"} and isinstance(asked["pk"], int)
        # Those of a group, say, have a manager whose class is made of this one.
        if not is_by_pk or type(self) is not PeopleManager:
            return super().get(*args, **asked)
        for user in _user(asked["pk"]):
            return user
        raise self.model.DoesNotExist

    @classmethod
    def normalize_email(cls, email):
        """In small letters: so it is looked for when somebody signs in by it."""
        return super().normalize_email(email).lower()

    def looking_like(self, name):
        """Keep those whose user name is that name, or is it to the eye."""
        return self.filter(username__iregex=looks_like(name))


class User(Loaded, AbstractUser):
    """A person who signs in, and how they want the site to be for them."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class TextSize(models.TextChoices):
        SMALL = "small", _("Small")
        NORMAL = "normal", _("Normal")
        LARGE = "large", _("Large")
        HUGE = "huge", _("Very large")

    class SendKey(models.TextChoices):
        ENTER = "enter", _("Enter")
        CTRL_ENTER = "ctrl", _("Ctrl + Enter")

    language = models.CharField(
        _("language"), max_length=16, blank=True, choices=site_languages
    )
    theme = models.CharField(
        _("theme"), max_length=8, choices=Theme, default=Theme.AUTO
    )
    text_size = models.CharField(
        _("text size"),
        max_length=8,
        choices=TextSize,
        default=TextSize.NORMAL,
        db_default=TextSize.NORMAL,
    )
    send_key = models.CharField(
        _("key that sends"),
        max_length=8,
        choices=SendKey,
        default=SendKey.ENTER,
        db_default=SendKey.ENTER,
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, validators=[validate_time_zone]
    )
    default_persona = models.ForeignKey(
        "Persona",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("default persona"),
    )
    # Until then they cannot sign in; whoever signs up with an address has to.
    awaits_confirmation = models.BooleanField(
        _("has yet to confirm their address"), default=False, db_default=False
    )
    # The last they accepted: every page and frame asks.
    accepted_terms = models.ForeignKey(
        "Terms",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    # What they agree to, where the site allows it.
    better_titles = models.BooleanField(
        _("better titles"), default=False, db_default=False
    )
    # Since then the account is closed and what is theirs is being erased.
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = PeopleManager()

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")

    @property
    def display_name(self):
        """What the site calls this person: their first name, else their user name."""
        return self.first_name or self.username

    @property
    def zone(self):
        """The person's own time zone, or None while they have chosen none."""
        return ZoneInfo(self.time_zone) if self.time_zone else None

    @property
    def may_edit_personas(self):
        """Whether the admin lets them in, and change a persona there."""
        return self.is_staff and self.has_perm("conversations.change_persona")


@Prepared
def _user(pk):
    return User.objects.filter(pk=pk)
