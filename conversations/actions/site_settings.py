from django.db import transaction

from .avatars import set_image


@transaction.atomic
def save_site_settings(*, site_settings, logo=None):
    """Save them; every process goes by them within seconds.

    `logo` None leaves the one there is, REMOVE takes it away, bytes of `make_logo`
    replace it.
    """
    if logo is not None:
        set_image(site_settings, "logo", logo)
    site_settings.save()
