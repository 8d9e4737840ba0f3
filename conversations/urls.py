from django.urls import include, path

from .views import (
    accounts,
    administrators,
    arranging,
    bin,
    chat_reads,
    conversations,
    editing,
    exports,
    factors,
    feedback,
    folders,
    forks,
    frames,
    health,
    installing,
    invitations,
    languages,
    messages,
    metrics,
    notices,
    palette,
    participants,
    personas,
    replies,
    reports,
    search,
    sessions,
    settings,
    shared,
    shares,
    site,
    snippets,
    terms,
    transfers,
    unsent,
    usage,
)

app_name = "conversations"

message_patterns = [
    path("", feedback.message_detail, name="message_detail"),
    path("source/", messages.message_source, name="message_source"),
    path("edit/", editing.message_edit, name="message_edit"),
    path("fork/", forks.conversation_fork, name="conversation_fork"),
    path("feedback/", feedback.feedback_give, name="feedback_give"),
    path("report/", reports.report_create, name="report_create"),
    path("again/", replies.reply_again, name="reply_again"),
    path("compare/", replies.reply_compare, name="reply_compare"),
    path("keep/", replies.reply_keep, name="reply_keep"),
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
    path("menu/", arranging.conversation_menu, name="conversation_menu"),
    path("rename/", arranging.conversation_rename, name="conversation_rename"),
    path("pin/", arranging.conversation_pin, name="conversation_pin"),
    path("unpin/", arranging.conversation_unpin, name="conversation_unpin"),
    path("archive/", arranging.conversation_archive, name="conversation_archive"),
    path("unarchive/", arranging.conversation_unarchive, name="conversation_unarchive"),
    path("move/", arranging.conversation_move, name="conversation_move"),
    path(
        "unread/", arranging.conversation_mark_unread, name="conversation_mark_unread"
    ),
    path("read/", arranging.conversation_mark_read, name="conversation_mark_read"),
    path("remove/", arranging.conversation_remove, name="conversation_remove"),
    path("restore/", bin.conversation_restore, name="conversation_restore"),
    path("delete/", bin.conversation_delete, name="conversation_delete"),
    path("join/", participants.conversation_join, name="conversation_join"),
    path("leave/", participants.conversation_leave, name="conversation_leave"),
    path("replies/", participants.conversation_replies, name="conversation_replies"),
    path("people/", participants.participant_list, name="participant_list"),
    path("people/invite/", participants.participant_invite, name="participant_invite"),
    path(
        "people/<int:participant_id>/remove/",
        participants.participant_remove,
        name="participant_remove",
    ),
    path("share/", shares.share_create, name="share_create"),
    path(
        "export/<slug:format>/", exports.conversation_export, name="conversation_export"
    ),
    path("print/", exports.conversation_print, name="conversation_print"),
]
transfer_patterns = [
    path("", transfers.transfer_list, name="transfer_list"),
    # The server lets large files pass to this address: server/uploads.py.
    path("import/", transfers.transfer_create, name="transfer_create"),
    path("export/", transfers.export_create, name="export_create"),
    path("<uuid:transfer_id>/", transfers.transfer_detail, name="transfer_detail"),
    path(
        "<uuid:transfer_id>/file/",
        transfers.transfer_download,
        name="transfer_download",
    ),
    path(
        "<uuid:transfer_id>/cancel/", transfers.transfer_cancel, name="transfer_cancel"
    ),
    path(
        "<uuid:transfer_id>/remove/", transfers.transfer_remove, name="transfer_remove"
    ),
]
chat_read_patterns = [
    path("", chat_reads.chat_read_list, name="chat_read_list"),
    path(
        "<uuid:conversation_id>/new/",
        chat_reads.chat_read_create,
        name="chat_read_create",
    ),
    path(
        "<uuid:conversation_id>/", chat_reads.chat_read_detail, name="chat_read_detail"
    ),
]
share_patterns = [
    path("", shares.share_list, name="share_list"),
    path("<int:share_id>/renew/", shares.share_renew, name="share_renew"),
    path("<int:share_id>/revoke/", shares.share_revoke, name="share_revoke"),
]
shared_patterns = [
    path("", shared.share_detail, name="share_detail"),
    path("continue/", shared.share_continue, name="share_continue"),
    path("report/", reports.report_share_create, name="report_share_create"),
    path("personas/<slug:slug>/", shared.share_avatar, name="share_avatar"),
]
settings_patterns = [
    path("", settings.settings_detail, name="settings_detail"),
    path("sessions/end/", sessions.session_end_others, name="session_end_others"),
    path("sessions/<int:session_id>/end/", sessions.session_end, name="session_end"),
    path("account/remove/", accounts.account_remove, name="account_remove"),
    path("password/remove/", factors.password_remove, name="password_remove"),
    path("usage/", usage.usage_detail, name="usage_detail"),
    path("<slug:section>/", settings.settings_save, name="settings_save"),
]
snippet_patterns = [
    path("", snippets.snippet_list, name="snippet_list"),
    path("new/", snippets.snippet_create, name="snippet_create"),
    path("<int:snippet_id>/", snippets.snippet_edit, name="snippet_edit"),
    path("<int:snippet_id>/remove/", snippets.snippet_remove, name="snippet_remove"),
]
folder_patterns = [
    path("", folders.folder_list, name="folder_list"),
    path("new/", folders.folder_create, name="folder_create"),
    path("<int:folder_id>/menu/", folders.folder_menu, name="folder_menu"),
    path("<int:folder_id>/rename/", folders.folder_rename, name="folder_rename"),
    path("<int:folder_id>/remove/", folders.folder_remove, name="folder_remove"),
    path("<int:folder_id>/place/", folders.folder_place, name="folder_place"),
]
urlpatterns = [
    path("search/", search.search_list, name="search_list"),
    path("", conversations.conversation_new, name="conversation_new"),
    path("c/<uuid:conversation_id>/", include(conversation_patterns)),
    path("conversations/", conversations.conversation_list, name="conversation_list"),
    path("conversations/bulk/", arranging.conversation_bulk, name="conversation_bulk"),
    path("conversations/undo/", arranging.conversation_undo, name="conversation_undo"),
    path("folders/", include(folder_patterns)),
    path("archive/", bin.archive_list, name="archive_list"),
    path("bin/", bin.bin_list, name="bin_list"),
    path("bin/empty/", bin.bin_empty, name="bin_empty"),
    path(
        "personas/<slug:slug>/avatar/", personas.persona_avatar, name="persona_avatar"
    ),
    path("transfers/", include(transfer_patterns)),
    path(
        "personas/<slug:slug>/versions/<int:number>/",
        personas.persona_version,
        name="persona_version",
    ),
    path("reads/", include(chat_read_patterns)),
    path("reports/", reports.report_list, name="report_list"),
    path("shares/", include(share_patterns)),
    path("join/", invitations.invitation_find, name="invitation_find"),
    path("join/<slug:token>/", invitations.invitation_detail, name="invitation_detail"),
    path("s/<slug:token>/", include(shared_patterns)),
    path("settings/", include(settings_patterns)),
    path("language/", languages.language_choose, name="language_choose"),
    path(
        "setup/<str:token>/",
        administrators.administrator_create,
        name="administrator_create",
    ),
    path("prompts/", include(snippet_patterns)),
    path("palette/", palette.palette_list, name="palette_list"),
    path("shortcuts/", palette.shortcut_list, name="shortcut_list"),
    path("unsent/", unsent.unsent_save, name="unsent_save"),
    path("unsent/<uuid:conversation_id>/", unsent.unsent_detail, name="unsent_detail"),
    path("notices/", notices.notice_list, name="notice_list"),
    path(
        "notices/<int:notice_id>/dismiss/",
        notices.notice_dismiss,
        name="notice_dismiss",
    ),
    path("terms/", terms.terms_detail, name="terms_detail"),
    path("terms/accept/", terms.terms_accept, name="terms_accept"),
    path("logo/", site.logo_detail, name="logo_detail"),
    path("accent.css", site.accent_detail, name="accent_detail"),
    path("favicon.ico", installing.favicon_detail, name="favicon_detail"),
    path("manifest.webmanifest", installing.manifest_detail, name="manifest_detail"),
    path(
        "service-worker.js",
        installing.service_worker_detail,
        name="service_worker_detail",
    ),
    path("offline/", installing.offline_detail, name="offline_detail"),
    path("health/", health.health_detail, name="health_detail"),
    path("health/live/", health.health_live, name="health_live"),
    path("health/ready/", health.health_ready, name="health_ready"),
    path("health/seen/", health.health_seen, name="health_seen"),
    path("metrics", metrics.metrics_list, name="metrics_list"),
]
