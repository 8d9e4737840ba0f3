from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conversations.llm import Endpoint

from .prepared import Prepared
from .prices import Prices
from .secrets import cipher

# What an empty base URL means.
OPENAI_URL = "https://api.openai.com/v1"
KEYS = "provider key"


class ProviderQuerySet(models.QuerySet):
    def environment(self):
        """Return the provider that `.env` describes, made on first use."""
        return self.get_or_create(
            source=Provider.Source.ENVIRONMENT, defaults={"name": "Environment"}
        )[0]


class Provider(models.Model):
    """A server that speaks the OpenAI API, and the key it wants."""

    class Source(models.TextChoices):
        ENVIRONMENT = "environment", _("The site's environment")
        ADMIN = "admin", _("This page")

    name = models.CharField(_("name"), max_length=80, unique=True)
    source = models.CharField(
        _("set in"), max_length=16, choices=Source, default=Source.ADMIN, editable=False
    )
    base_url = models.CharField(
        _("base URL"),
        max_length=300,
        blank=True,
        validators=[URLValidator(["http", "https"])],
        help_text=_("Usually ends in /v1. Empty: the OpenAI API itself."),
    )
    encrypted_api_key = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(source="environment"),
                name="one_environment_provider",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_environment(self):
        return self.source == self.Source.ENVIRONMENT

    @property
    def is_demo(self):
        """Whether the demo model answers, as nothing else is set in `.env`."""
        return self.is_environment and self.is_demo_site()

    @staticmethod
    def is_demo_site():
        return not (settings.OPENAI_API_KEY or settings.OPENAI_BASE_URL)

    @property
    def origin(self):
        """Where a key is sent; it never follows its provider to another host.

        Nor from https to http, where everybody on the way could read it.
        """
        address = urlsplit(self.base_url or OPENAI_URL)
        return address.scheme, address.netloc

    def set_api_key(self, key):
        """Keep `key` encrypted; "" forgets it. The caller saves."""
        encrypted = cipher(KEYS).encrypt(key.encode()) if key else b""
        self.encrypted_api_key = encrypted.decode()

    @property
    def has_api_key(self):
        return bool(self.encrypted_api_key)

    @property
    def api_key(self):
        """The key itself; "" without one, or when SECRET_KEY is no longer the same."""
        try:
            return cipher(KEYS).decrypt(self.encrypted_api_key.encode()).decode()
        except InvalidToken:
            return ""

    @property
    def endpoint(self):
        """Where to call, and the key; None when it is the demo model's turn."""
        if self.is_demo:
            return None
        if self.is_environment:
            base_url, key = settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY
        else:
            base_url, key = self.base_url, self.api_key
        return Endpoint(base_url or OPENAI_URL, key)


class LanguageModelQuerySet(models.QuerySet):
    def usable_by(self, user):
        """Keep those that are open to all or to a group of `user`."""
        return self.filter(Q(groups=None) | Q(groups__user=user)).distinct()

    def without_price(self):
        """Keep those that cost nobody knows what; the demo model is free."""
        unknown = Q(prompt_price=None) | Q(completion_price=None)
        found = self.filter(unknown)
        if Provider.is_demo_site():
            found = found.exclude(provider__source=Provider.Source.ENVIRONMENT)
        return found

    def default(self):
        """Return the model that answers where a persona names none.

        It is OPENAI_MODEL at the environment's provider, or the demo model.
        """
        name = "demo" if Provider.is_demo_site() else settings.OPENAI_MODEL
        if found := _of_environment(name):
            return found[0]
        return self.select_related("provider").get_or_create(
            provider=Provider.objects.environment(),
            api_name=name,
            defaults={"context_window_tokens": settings.OPENAI_CONTEXT_WINDOW_TOKENS},
        )[0]


class LanguageModel(models.Model):
    """A model of a provider: its limits, its prices, what we learned of it."""

    provider = models.ForeignKey(
        Provider, models.CASCADE, related_name="models", verbose_name=_("provider")
    )
    api_name = models.CharField(
        _("API name"), max_length=200, help_text=_("As the provider spells it.")
    )
    context_window_tokens = models.PositiveIntegerField(
        _("context window, in tokens"), default=128_000
    )
    max_output_tokens = models.PositiveIntegerField(
        _("longest reply, in tokens"), null=True, blank=True
    )
    accepts_temperature = models.BooleanField(_("accepts a temperature"), default=True)
    prompt_price = models.PositiveBigIntegerField(
        _("price of prompt tokens"),
        null=True,
        blank=True,
        help_text=_(
            "In millionths of your currency for a million tokens: "
            "2.50 is 2500000. Empty: unknown."
        ),
    )
    cached_price = models.PositiveBigIntegerField(
        _("price of cached prompt tokens"), null=True, blank=True
    )
    completion_price = models.PositiveBigIntegerField(
        _("price of completion tokens"), null=True, blank=True
    )
    groups = models.ManyToManyField(
        "auth.Group",
        blank=True,
        related_name="language_models",
        verbose_name=_("groups"),
        help_text=_(
            "The groups that may use it, and the personas that answer by it. None "
            "chosen: everybody. The site's own model is always for everybody."
        ),
    )
    # Learned from the usage that the provider reports; None until the first reply.
    characters_per_token = models.FloatField(null=True, editable=False)

    objects = LanguageModelQuerySet.as_manager()

    class Meta:
        ordering = ["provider__name", "api_name"]
        verbose_name = _("language model")
        verbose_name_plural = _("language models")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "api_name"], name="model_once_per_provider"
            )
        ]

    def __str__(self):
        return f"{self.api_name} ({self.provider.name})"

    @property
    def prices(self):
        """What it costs now. The demo model is our own, and free."""
        if self.provider_id and self.provider.is_demo:
            return Prices(0, 0, 0)
        return Prices(self.prompt_price, self.cached_price, self.completion_price)

    def cost_micros(self, **tokens):
        """Return the cost of so many tokens: see Prices."""
        return self.prices.cost_micros(**tokens)


@Prepared
def _of_environment(api_name):
    rows = LanguageModel.objects.select_related("provider")
    source = Provider.Source.ENVIRONMENT
    return rows.filter(provider__source=source, api_name=api_name)
