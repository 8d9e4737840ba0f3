from django.http import JsonResponse
from django.http.request import RawPostDataException
from django.views.decorators.http import require_POST

from conversations import reachability
from conversations.protocol import answers, frames, verbs
from conversations.wire import read

from .scope import gone_is_404


@require_POST
@gone_is_404()
def conversation_frames(request, conversation_id):
    """The socket's protocol where no socket passes: one frame in, its answers out."""
    reachability.missed()
    try:
        frame = frames.parse(_decoded(request))
        found = _answers(request.user, conversation_id, frame)
    except frames.FrameError as error:
        found = [answers.error(error.code, error.detail, **error.answers)]
    return JsonResponse({"frames": found})


def _decoded(request):
    """Return what was sent; a form of several parts was read as one: no frame."""
    try:
        return read(request.body)
    except RawPostDataException:
        return None


def _answers(user, conversation_id, frame):
    if frame.type == "ack":
        return []
    if frame.type != "sync":
        return verbs.handle(user, conversation_id, frame)
    found, replies = verbs.sync(user, conversation_id, frame)
    for message in replies:
        progress = verbs.progress_since(message, frame["seq"].get(message.pk, 0))
        found += [answers.saved_snapshot(message)] if progress is None else progress
    return found
