from channels.security.websocket import WebsocketDenier
from django.urls import path, re_path

from .consumers import ChatConsumer, MeConsumer

websocket_urlpatterns = [
    path("ws/conversations/<uuid:conversation_id>/", ChatConsumer.as_asgi()),
    path("ws/me/", MeConsumer.as_asgi()),
    # Refused without a word: Channels would raise, and anybody could fill the log.
    re_path("", WebsocketDenier.as_asgi()),
]
