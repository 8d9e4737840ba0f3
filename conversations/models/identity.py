"""Where else people may have the account that they sign in with."""

from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from conversations.oidc.addresses import is_safe

from .secrets import cipher

SECRETS = "identity provider secret"


def validate_issuer(url):
    if not is_safe(url) or "?" in url:
        raise ValidationError(
            _("Write an address that begins with https://, without “?” or “#”.")
        )


class IdentityProviderQuerySet(models.QuerySet):
    def offered(self):
        """Return all that people may sign in with: the environment's come first."""
        own = IdentityProvider.of_environment()
        known = {provider.slug for provider in own}
        rows = self.prefetch_related("rules").order_by("name")
        return own + [provider for provider in rows if provider.slug not in known]


class IdentityProvider(models.Model):
    """An OpenID Connect provider. Who somebody is there, is its address and `sub`."""

    name = models.CharField(
        _("name"),
        max_length=80,
        unique=True,
        help_text=_("As in “Sign in with …”."),
    )
    url = models.CharField(
        _("address"),
        max_length=300,
        unique=True,
        validators=[validate_issuer],
        help_text=_(
            "Its issuer, as https://id.example.org/realms/school. Another address is "
            "another provider: who has signed in by this one has to connect anew."
        ),
    )
    client_id = models.CharField(_("client ID"), max_length=200)
    encrypted_client_secret = models.TextField(blank=True, editable=False)
    scopes = models.CharField(
        _("scopes"),
        max_length=200,
        default="openid profile email",
        help_text=_("What is asked for. Some providers tell groups only if asked."),
    )
    groups_claim = models.CharField(
        _("claim with the groups"),
        max_length=80,
        blank=True,
        help_text=_("As groups, or realm_access.roles. Empty: groups are given here."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    # Of the environment's: (value of the claim, name of the group) pairs.
    named_rules = ()

    objects = IdentityProviderQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("sign-in provider")
        verbose_name_plural = _("sign-in providers")

    def __str__(self):
        return self.name

    @property
    def slug(self):
        """Its name in addresses and with accounts, made from its own address."""
        parts = urlsplit(self.url)
        return slugify(f"{parts.netloc}{parts.path}".translate(_DASHES))

    def clean(self):
        """Two addresses that differ in signs alone would be one provider."""
        self.url = self.url.rstrip("/")
        others = IdentityProvider.objects.exclude(pk=self.pk)
        if self.slug in {p.slug for p in [*self.of_environment(), *others]}:
            raise ValidationError({"url": _("There is such a provider already.")})

    def set_client_secret(self, secret):
        """Keep `secret` encrypted; "" forgets it. The caller saves."""
        encrypted = cipher(SECRETS).encrypt(secret.encode()) if secret else b""
        self.encrypted_client_secret = encrypted.decode()

    @property
    def client_secret(self):
        """The secret itself; "" without one, or when SECRET_KEY is another now."""
        try:
            return (
                cipher(SECRETS).decrypt(self.encrypted_client_secret.encode()).decode()
            )
        except InvalidToken:
            return ""

    def group_rules(self):
        """Return `(value of the claim, group id)` pairs."""
        if self.pk:
            return [(rule.value, rule.group_id) for rule in self.rules.all()]
        ids = dict(Group.objects.values_list("name", "pk"))
        return [(v, ids[name]) for v, name in self.named_rules if name in ids]

    @classmethod
    def of_environment(cls):
        """Return those that `.env` describes, which have no row."""
        return [_from_settings(**fields) for fields in settings.OIDC_PROVIDERS]


class GroupRule(models.Model):
    """Who has `value` in the claim is in the group, and who has not is out of it."""

    provider = models.ForeignKey(IdentityProvider, models.CASCADE, related_name="rules")
    value = models.CharField(_("value of the claim"), max_length=200)
    group = models.ForeignKey(
        Group, models.CASCADE, related_name="+", verbose_name=_("group")
    )

    class Meta:
        ordering = ["value"]
        verbose_name = _("rule for a group")
        verbose_name_plural = _("rules for groups")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "value", "group"], name="group_rule_once"
            )
        ]

    def __str__(self):
        return f"{self.value} → {self.group}"


_DASHES = str.maketrans("./:", "---")


def _from_settings(*, url, client_id, name="", client_secret="", groups=(), **more):
    """`groups` are “value=group” texts."""
    provider = IdentityProvider(
        name=name or url, url=url.rstrip("/"), client_id=client_id
    )
    provider.set_client_secret(client_secret)
    provider.scopes = more.get("scopes") or provider.scopes
    provider.groups_claim = more.get("groups_claim", "")
    pairs = (rule.rpartition("=") for rule in groups)
    provider.named_rules = [(v.strip(), name.strip()) for v, _sign, name in pairs]
    return provider
