from django.db.models import Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from conversations.models import Generation, Message, Persona, PersonaVersion


@require_GET
def persona_avatar(request, slug):
    """The persona's image, as we made it of what was uploaded."""
    persona = get_object_or_404(Persona.objects.met_by(request.user), slug=slug)
    if not persona.avatar_image:
        raise Http404
    response = FileResponse(persona.avatar_image.open(), content_type="image/webp")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_GET
def persona_version(request, slug, number):
    """What a persona was when it wrote a reply; who may edit it sees all of that."""
    version = get_object_or_404(
        _met_by(request.user), persona__slug=slug, number=number
    )
    context = {
        "is_known": _known_to(request.user).filter(pk=version.pk).exists(),
        "version": version,
        "persona": version.persona,
        "is_current": version.pk == version.persona.version_id,
        "may_edit": request.user.has_perm("conversations.change_persona"),
        "message": _came_from(request),
    }
    return render(request, "conversations/persona_version.html", context)


def _came_from(request):
    """Return the message that the address names, to go back to; None without one."""
    asked = request.GET.get("message", "")
    if not asked.isdecimal() or len(asked) > 18:
        return None
    return Message.objects.visible_to(request.user).filter(pk=asked).first()


def _met_by(user):
    """Return the versions `user` may see.

    Those that their replies name, what the personas they may talk to are now, and for
    who edits personas all there are.
    """
    return _versions_for(user, Generation.objects.visible_to(user))


def _known_to(user):
    """Keep those whose words `user` may read: a file that came in may name any."""
    written_here = Generation.objects.visible_to(user).exclude(started_at=None)
    return _versions_for(user, written_here)


def _versions_for(user, replies):
    versions = PersonaVersion.objects.select_related("persona", "model__provider")
    if user.has_perm("conversations.change_persona"):
        return versions
    now = Persona.objects.usable_by(user).values("version")
    return versions.filter(Q(pk__in=replies.values("persona_version")) | Q(pk__in=now))
