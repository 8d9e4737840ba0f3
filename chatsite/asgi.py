"""http → a thread → Django; websocket → its origin → who it is → the consumers."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.sessions import CookieMiddleware
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsite.settings")
django_application = get_asgi_application()

# Importable only once Django is set up.
from django.conf import settings  # noqa: E402

from conversations.desks import Desks  # noqa: E402
from conversations.origins import SiteOriginValidator  # noqa: E402
from conversations.routing import websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": Desks(django_application),
        "websocket": SiteOriginValidator(
            CookieMiddleware(URLRouter(websocket_urlpatterns)),
            settings.SITE_ORIGINS,
        ),
    }
)
