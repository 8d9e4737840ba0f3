"""What is asked, and of whom."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server and the key for it; an empty key is for servers that want none."""

    base_url: str
    api_key: str = field(repr=False)

    @property
    def host(self) -> str:
        """The host's name, empty when the address is none of http or https."""
        try:
            parts = urlsplit(self.base_url)
            return parts.hostname or "" if parts.scheme in ("http", "https") else ""
        except ValueError:
            return ""

    @property
    def is_openai(self) -> bool:
        return self.host == "api.openai.com" or self.host.endswith(".api.openai.com")


@dataclass(frozen=True, slots=True)
class ChatMessage:
    role: str  # "system", "user" or "assistant"
    text: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """None leaves a parameter to the model's default."""

    model: str
    messages: tuple[ChatMessage, ...]
    temperature: float | None = None
    top_p: float | None = None
    max_output_tokens: int | None = None

    def body_for(self, endpoint: Endpoint) -> dict:
        """Return the JSON body of a streamed chat completion."""
        limit = "max_completion_tokens" if endpoint.is_openai else "max_tokens"
        parameters = {
            "temperature": self.temperature,
            "top_p": self.top_p,
            limit: self.max_output_tokens,
        }
        return {
            "model": self.model,
            "messages": [
                {"role": message.role, "content": _encodable(message.text)}
                for message in self.messages
            ],
            "stream": True,
            "stream_options": {"include_usage": True},
        } | {name: value for name, value in parameters.items() if value is not None}


def _encodable(text):
    """Return `text` with the lone surrogates, which UTF-8 cannot carry, as `?`."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
