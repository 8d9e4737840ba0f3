"""http → a thread → Django; websocket → its origin → who it is → the consumers."""

import os

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.sessions import CookieMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsite.settings")
django.setup(set_prefix=False)

# Importable only once Django is set up.
from django.conf import settings  # noqa: E402

from conversations.desks import DeskHandler, Desks  # noqa: E402
from conversations.origins import SiteOriginValidator  # noqa: E402
from conversations.routing import websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": Desks(DeskHandler()),
        "websocket": SiteOriginValidator(
            CookieMiddleware(URLRouter(websocket_urlpatterns)),
            settings.SITE_ORIGINS,
        ),
    }
)
