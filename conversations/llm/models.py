"""Which models a provider has."""

import asyncio
import json

from django.conf import settings

from . import client
from .errors import ProviderError
from .requests import Endpoint


async def list_models(endpoint: Endpoint) -> list[str]:
    """Return the names of the models, sorted; it tests the connection and the key too.

    Raises ProviderError.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + settings.OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS
    async with client.open_models(endpoint, deadline=deadline) as response:
        try:
            async with asyncio.timeout_at(deadline):
                body = await _read(response)
        except TimeoutError:
            raise ProviderError("stalled") from None
        except client.transport_errors() as error:
            raise client.body_error(error) from None
    return _names(body)


async def _read(response):
    body = bytearray()
    async for chunk in client.chunks_of(response):
        body += chunk
        if len(body) > settings.OPENAI_MAX_BODY_BYTES:
            raise ProviderError("too_big")
    return bytes(body)


def _names(body):
    """Accept the API's `{"data": [{"id": …}]}` and a bare list of such rows."""
    try:
        answer = json.loads(body)
        rows = answer["data"] if isinstance(answer, dict) else answer
        return sorted({str(row["id"]) for row in rows})
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ProviderError("not_an_api") from None
