from django.urls import include, path

from .views import (
    administrators,
    conversations,
    frames,
    health,
    messages,
    metrics,
    personas,
    replies,
)

app_name = "conversations"

message_patterns = [
    path("source/", messages.message_source, name="message_source"),
    path("regenerate/", replies.reply_regenerate, name="reply_regenerate"),
    path("continue/", replies.reply_continue, name="reply_continue"),
    path("stop/", replies.reply_stop, name="reply_stop"),
    path("select/", replies.branch_select, name="branch_select"),
]
conversation_patterns = [
    path("", conversations.conversation_detail, name="conversation_detail"),
    path("frames/", frames.conversation_frames, name="conversation_frames"),
    path("messages/", messages.message_list, name="message_list"),
    path("messages/send/", messages.message_send, name="message_send"),
    path("messages/<int:message_id>/", include(message_patterns)),
]
urlpatterns = [
    path("", conversations.conversation_new, name="conversation_new"),
    path("c/<uuid:conversation_id>/", include(conversation_patterns)),
    path("conversations/", conversations.conversation_list, name="conversation_list"),
    path(
        "personas/<slug:slug>/avatar/", personas.persona_avatar, name="persona_avatar"
    ),
    path(
        "setup/<str:token>/",
        administrators.administrator_create,
        name="administrator_create",
    ),
    path("health/", health.health_detail, name="health_detail"),
    path("health/live/", health.health_live, name="health_live"),
    path("health/ready/", health.health_ready, name="health_ready"),
    path("metrics", metrics.metrics_list, name="metrics_list"),
]
