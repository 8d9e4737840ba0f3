from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from conversations.actions import transfers
from conversations.actions.refusals import Refusal
from conversations.models import Transfer
from conversations.streaming import StreamedResponse, attach, file_pieces
from conversations.transfer import archive, files, uploads
from conversations.transfer.limits import limits

from .framing import render_framed

# More than anybody looks at; the others are found by their address still.
MOST_SHOWN = 100


@never_cache
@require_GET
def transfer_list(request):
    """What came in and goes out; `?fragment` is the list alone, for who asks again."""
    rows = list(Transfer.objects.visible_to(request.user)[:MOST_SHOWN])
    context = {"transfers": rows, "is_open": any(row.is_open for row in rows)}
    if "fragment" in request.GET:
        return render(request, "conversations/_transfers.html", context)
    context |= {
        "key": uploads.make_key(request.user),
        "max_bytes": settings.TRANSFER_MAX_BYTES,
        "max_megabytes": settings.TRANSFER_MAX_BYTES // 1024**2,
        "limits": limits(),
    }
    return render_framed(request, "conversations/transfer_list.html", **context)


@never_cache
@require_GET
def transfer_detail(request, transfer_id):
    """One of them with all of its report."""
    transfer = _mine(request, transfer_id)
    return render_framed(
        request,
        "conversations/transfer_detail.html",
        transfer=transfer,
        is_open=transfer.is_open,
    )


@csrf_exempt  # the key proves that the form is ours, before the file has come
@require_POST
def transfer_create(request):
    """Take a file in. `?key=` is what the form was made with."""
    if uploads.owner_of(request.GET.get("key", "")) != request.user.pk:
        messages.error(request, _("The page was open for too long. Choose it again."))
        return redirect("conversations:transfer_list")
    try:
        transfers.check_upload(user=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        return redirect("conversations:transfer_list")
    received = uploads.receive(request)
    if received is None:
        messages.error(request, _("Choose a file first, and no larger than allowed."))
        return redirect("conversations:transfer_list")
    with received:
        return _start(request, transfers.start_import, received=received)


@require_POST
def export_create(request):
    return _start(request, transfers.start_export)


def _start(request, action, **options):
    try:
        action(user=request.user, **options)
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        return redirect("conversations:transfer_list")
    return _to_the_list()


@require_POST
def transfer_cancel(request, transfer_id):
    transfers.cancel_transfer(transfer=_mine(request, transfer_id))
    return _to_the_list()


@require_POST
def transfer_remove(request, transfer_id):
    transfers.remove_transfer(transfer=_mine(request, transfer_id))
    return _to_the_list()


def _to_the_list():
    """Where what was just done is seen, and the keyboard goes on."""
    return redirect(reverse("conversations:transfer_list") + "#transfers-title")


@require_GET
def transfer_download(request, transfer_id):
    """What was made, for whom it was made."""
    transfer = _mine(request, transfer_id)
    if not transfer.result_file:
        raise Http404
    path = files.result_path(transfer)
    if not path.exists():
        raise Http404
    response = StreamedResponse(file_pieces(path), content_type="application/zip")
    response["Content-Length"] = path.stat().st_size
    # Compressed already: said, so that nobody compresses it again.
    response["Content-Encoding"] = "identity"
    return attach(response, archive.file_name(transfer))


def _mine(request, transfer_id):
    rows = Transfer.objects.visible_to(request.user).select_related("owner")
    return get_object_or_404(rows, pk=transfer_id)
