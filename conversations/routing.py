from django.urls import path

from .consumers import ChatConsumer, MeConsumer

websocket_urlpatterns = [
    path("ws/conversations/<uuid:conversation_id>/", ChatConsumer.as_asgi()),
    path("ws/me/", MeConsumer.as_asgi()),
]
