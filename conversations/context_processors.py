from django.conf import settings

from conversations import reachability
from conversations.models import SiteSettings


def site(request):
    """What every page may say of the site."""
    site_settings = SiteSettings.current()
    return {
        "site_settings": site_settings,
        "site_name": site_settings.name,
        "sign_up_open": site_settings.sign_up_mode == SiteSettings.SignUp.OPEN,
        "sockets_missed": reachability.are_missed,  # asked only where it is shown
        "demo_model": not (settings.OPENAI_API_KEY or settings.OPENAI_BASE_URL),
        "site_languages": settings.LANGUAGES,
    }
