import re
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .kept import Kept

# The only row there is.
ONLY = 1
# So long is for ever: a date so far back is still one.
MOST_DAYS = 36_500

DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


def validate_email_domains(text):
    for name in text.split():
        if not DOMAIN.fullmatch(name.lower()):
            raise ValidationError(
                _("“%(name)s” is no domain. Write one like example.org."),
                params={"name": name},
            )


class SiteSettings(models.Model):
    """What administrators have decided about the site: one row, or none yet.

    `current()` is how everybody reads it. A field that is empty means what the
    environment says.
    """

    class SignUp(models.TextChoices):
        OPEN = "open", _("Open: anybody may")
        INVITATION = "invitation", _("By invitation")
        DOMAINS = "domains", _("With an e-mail address of certain domains")
        CLOSED = "closed", _("Closed: administrators make the accounts")

    class SecondFactor(models.TextChoices):
        OPTIONAL = "optional", _("Who wants to")
        STAFF = "staff", _("Administrators must")
        EVERYONE = "everyone", _("Everybody must")

    class ReadingPolicy(models.TextChoices):
        NOBODY = "nobody", _("Nobody")
        REPORTED = "reported", _("Moderators, what somebody has reported")
        ROLES = "roles", _("Those who have the permission, with a reason")

    site_name = models.CharField(
        _("name"),
        max_length=80,
        blank=True,
        help_text=_("What the site calls itself. Empty: SITE_NAME of .env."),
    )
    contact = models.CharField(
        _("whom to ask"),
        max_length=200,
        blank=True,
        help_text=_(
            "One line, shown to people where something is not allowed or goes wrong: "
            "a name, an address, a room."
        ),
    )
    logo = models.FileField(
        _("logo"), upload_to="site/", blank=True, editable=False, max_length=100
    )
    accent_colour = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[
            RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("Write a colour like #0b6e6e."))
        ],
        help_text=_(
            "As #0b6e6e. Buttons and links take its hue; how light or dark they are is "
            "set so that they stay easy to read. Empty: the site's own teal."
        ),
    )
    sign_up = models.CharField(
        _("sign-up"),
        max_length=16,
        blank=True,
        choices=SignUp,
        help_text=_("Who may make an account. Empty: SIGN_UP_OPEN of .env."),
    )
    email_domains = models.TextField(
        _("domains"),
        blank=True,
        validators=[validate_email_domains],
        help_text=_("One a line, as example.org. They count while sign-up asks them."),
    )
    second_factor = models.CharField(
        _("second factor"),
        max_length=16,
        choices=SecondFactor,
        default=SecondFactor.OPTIONAL,
        help_text=_("Who needs more than a password to sign in."),
    )
    retention_days = models.PositiveIntegerField(
        _("days conversations are kept"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text=_(
            "Counted from the last message; then they are erased. Empty: for ever."
        ),
    )
    reading_policy = models.CharField(
        _("who may read conversations"),
        max_length=16,
        choices=ReadingPolicy,
        default=ReadingPolicy.NOBODY,
        help_text=_(
            "Other than those whose conversation it is. It stands on each conversation."
        ),
    )
    better_titles = models.BooleanField(
        _("better titles"),
        default=False,
        help_text=_(
            "A model may write the titles, of those who agree to it. Each costs a call."
        ),
    )
    title_model = models.ForeignKey(
        "LanguageModel",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("model for titles"),
        help_text=_("A small one will do. Empty: the site's own."),
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=ONLY), name="site_settings_once"
            )
        ]

    def __str__(self):
        return str(self._meta.verbose_name)

    def save(self, *args, **kwargs):
        self.pk = ONLY
        super().save(*args, **kwargs)
        _kept.forget()

    @classmethod
    def current(cls):
        """Return the settings as of some seconds ago; never change that instance.

        Without a row, or before any was read of a database that is away, all of it is
        as the environment says.
        """
        return _kept.get()

    @property
    def name(self):
        return self.site_name or settings.SITE_NAME

    @property
    def sign_up_mode(self):
        """One of SignUp."""
        by_environment = (
            self.SignUp.OPEN if settings.SIGN_UP_OPEN else self.SignUp.CLOSED
        )
        return self.SignUp(self.sign_up or by_environment)

    @property
    def domains(self):
        """The domains whose addresses may sign up, in lower case."""
        return self.email_domains.lower().split()

    @property
    def logo_url(self):
        """Where its logo is; "" without one. A new one has a new address."""
        if not self.logo:
            return ""
        version = self.logo.name.rpartition("/")[2][:16]
        return _versioned("conversations:logo_detail", version)

    @property
    def accent_url(self):
        """Where the sheet is that sets the colour; "" without one."""
        if not self.accent_colour:
            return ""
        return _versioned("conversations:accent_detail", self.accent_colour[1:])


def _read():
    return SiteSettings.objects.filter(pk=ONLY).first() or SiteSettings()


_kept = Kept(_read, SiteSettings)


def _versioned(name, version):
    return f"{reverse(name)}?{urlencode({'v': version})}"
