"""The OpenAI API, or any server that speaks it: dataclasses in and out.

Nothing here knows rows or requests; limits come from `settings.OPENAI_*`. `openai`
is imported by `client` alone, and late: call `preload` in a thread once the server
listens, or the first message waits for it.
"""

from .addresses import is_forbidden
from .chat import stream_chat
from .client import aclose, preload
from .errors import ProviderError
from .models import list_models
from .reply import Finish, ReasoningDelta, TextDelta, Usage
from .requests import ChatMessage, ChatRequest, Endpoint

__all__ = [
    "ChatMessage",
    "ChatRequest",
    "Endpoint",
    "Finish",
    "ProviderError",
    "ReasoningDelta",
    "TextDelta",
    "Usage",
    "aclose",
    "is_forbidden",
    "list_models",
    "preload",
    "stream_chat",
]
