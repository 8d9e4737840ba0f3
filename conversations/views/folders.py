from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.actions.folders import (
    change_folder,
    create_folder,
    place_folder,
    remove_folder,
)
from conversations.actions.refusals import Refusal
from conversations.forms.folders import FolderForm, PlaceForm
from conversations.models import Folder
from conversations.protocol import lists

from .answering import done, refused, wants_frames
from .framing import render_framed


@require_GET
def folder_list(request):
    """All folders, to be put in order; or to choose one for what is selected."""
    if "fragment" in request.GET:
        return folder_choices(request)
    folders = list(Folder.objects.editable_by(request.user).select_related("persona"))
    for folder, above in zip(folders[1:], folders, strict=False):
        folder.above = above
    for folder, below in zip(folders, folders[2:], strict=False):
        folder.beyond = below
    return render_framed(
        request, "conversations/folder_list.html", folders=folders, form=_form(request)
    )


def folder_choices(request, conversation=None):
    """The folders that `conversation`, or what is selected, can be moved to."""
    folders = Folder.objects.editable_by(request.user)
    context = {"folders": folders, "moving": conversation}
    if "fragment" in request.GET:
        return render(request, "conversations/_folder_choices.html", context)
    return render_framed(request, "conversations/folder_choose.html", **context)


@require_GET
def folder_menu(request, folder_id):
    """What can be done with a folder."""
    folder = _mine(request, folder_id)
    above, below = _neighbours(request, folder)
    context = {"folder": folder, "above": above, "below": below}
    if "fragment" in request.GET:
        return render(request, "conversations/_folder_menu.html", context)
    return render_framed(request, "conversations/folder_menu.html", **context)


def _neighbours(request, folder):
    """Return before which folders it would stand one up, and one down.

    Each is a pk, "" for the end, and None where it cannot go further.
    """
    pks = list(Folder.objects.editable_by(request.user).values_list("pk", flat=True))
    at = pks.index(folder.pk)
    above = pks[at - 1] if at else None
    if at == len(pks) - 1:
        return above, None
    return above, pks[at + 2] if at + 2 < len(pks) else ""


@require_http_methods(["GET", "POST"])
def folder_create(request):
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            folder = create_folder(user=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", refusal.detail)
        else:
            frames = [lists.folders_changed()]
            return done(request, frames=frames, then=_url_of(folder), folder=folder.pk)
    return _asked(request, form)


@require_http_methods(["GET", "POST"])
def folder_rename(request, folder_id):
    """Its name, and the persona of new chats in it."""
    folder = _mine(request, folder_id)
    form = _form(request, name=folder.name, persona=folder.persona_id)
    if request.method == "POST" and form.is_valid():
        try:
            change_folder(folder=folder, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", refusal.detail)
        else:
            return done(request, frames=[lists.folders_changed()], then=_url_of(folder))
    return _asked(request, form, folder)


@require_POST
def folder_remove(request, folder_id):
    remove_folder(folder=_mine(request, folder_id))
    return done(
        request,
        frames=[lists.folders_changed()],
        words=_("The folder is removed. What was in it stands in the list."),
        then=reverse("conversations:folder_list"),
    )


@require_POST
def folder_place(request, folder_id):
    folder = _mine(request, folder_id)
    form = PlaceForm(request.POST, user=request.user)
    if not form.is_valid():
        raise Http404
    place_folder(folder=folder, before=form.cleaned_data["before"])
    then = reverse("conversations:folder_list")
    return done(request, frames=[lists.folders_changed()], then=then)


def _mine(request, folder_id):
    return get_object_or_404(Folder.objects.editable_by(request.user), pk=folder_id)


def _form(request, **initial):
    data = request.POST if request.method == "POST" else None
    return FolderForm(data, initial=initial, user=request.user, label_suffix="")


def _asked(request, form, folder=None):
    """Ask for its name; again where that would not do."""
    if request.method == "POST" and wants_frames(request):
        detail = next(iter(form.errors.values()))[0]
        return refused(request, Refusal("wrong", detail))
    context = {"form": form, "folder": folder}
    if "fragment" in request.GET:
        return render(request, "conversations/_folder_form.html", context)
    status = 422 if form.errors else 200
    return render_framed(
        request, "conversations/folder_form.html", status=status, **context
    )


def _url_of(folder):
    return f"{reverse('conversations:conversation_list')}?folder={folder.pk}"
