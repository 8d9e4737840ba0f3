from django.conf import settings

from conversations.models import LanguageModel, Provider


def use_model(*, api_name):
    """Return the model of that name at the environment's provider, added if need be."""
    return LanguageModel.objects.get_or_create(
        provider=Provider.objects.environment(),
        api_name=api_name,
        defaults={"context_window_tokens": settings.OPENAI_CONTEXT_WINDOW_TOKENS},
    )[0]
