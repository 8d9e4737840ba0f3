"""Second factors: who needs one, and who has one. They are rows of allauth."""

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from .site_settings import SiteSettings

# Recovery codes alone are no factor: they stand in for one that was lost.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def has_factor():
    """Return an expression: whether the user of a row has a second factor."""
    held = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    return Exists(held)


def must_have_factor(user):
    """Whether the site lets `user` in only with a second factor."""
    who = SiteSettings.current().second_factor
    is_in_office = user.is_staff or user.is_superuser
    return who == SiteSettings.SecondFactor.EVERYONE or (
        who == SiteSettings.SecondFactor.STAFF and is_in_office
    )


def lacks_factor(user):
    """Whether `user` has to set up a second factor before anything else."""
    if not must_have_factor(user):
        return False
    return not Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def has_passkey(user):
    """Whether `user` can sign in with a passkey alone."""
    return Authenticator.objects.filter(
        user=user, type=Authenticator.Type.WEBAUTHN
    ).exists()
