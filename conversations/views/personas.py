from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from conversations.models import Persona


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
