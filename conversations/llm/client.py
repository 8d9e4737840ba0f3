"""The only module that imports `openai`: cached clients, requests, their failures."""

import asyncio
import contextlib
import functools
import gc
from collections.abc import AsyncIterator
from types import SimpleNamespace
from weakref import WeakKeyDictionary

from django.conf import settings

from .addresses import open_socket
from .errors import ProviderError, from_response
from .requests import Endpoint

MAX_ERROR_BYTES = 65_536
ERROR_BODY_SECONDS = 1.0
KEEP_SECONDS = 30.0
NO_COMPRESSION = {"Accept-Encoding": "identity"}

_clients = WeakKeyDictionary()  # running loop → {endpoint: AsyncOpenAI}


@functools.cache
def preload() -> SimpleNamespace:
    """Import what a request needs: 0.5 s of CPU and 35 MB, once; for a thread."""
    import aiohttp
    import httpx2
    import openai
    import openai.resources.chat  # it would otherwise wait for the first request
    import openai.resources.models
    from openai._vendor.httpx_aiohttp.transport import AiohttpTransport

    gc.freeze()  # it stays; looking through it for garbage would stop everybody
    return SimpleNamespace(
        aiohttp=aiohttp,
        httpx2=httpx2,
        openai=openai,
        tls=httpx2.create_ssl_context(),
        transport=AiohttpTransport,
    )


async def aclose():
    """Close the running loop's clients, with all their connections."""
    for client in _clients.pop(asyncio.get_running_loop(), {}).values():
        await client.close()


@contextlib.asynccontextmanager
async def open_chat(endpoint: Endpoint, body: dict, *, deadline: float):
    """Post `body` and yield the answer once its headers are there.

    `deadline` is a time of the loop. Leaving closes the connection unless the answer
    was read to its end. Raises ProviderError.
    """
    client = await _client(endpoint)
    # As extra_body, the history is not walked through the library's schema, which
    # takes 0.2 ms a message.
    request = client.chat.completions.with_streaming_response.create(
        model=body["model"],
        messages=[],
        stream=True,
        extra_body=body,
        extra_headers=NO_COMPRESSION,
    )
    async with _answer(request, deadline) as answer:
        yield answer


@contextlib.asynccontextmanager
async def open_models(endpoint: Endpoint, *, deadline: float):
    """Ask for the list of models; otherwise as `open_chat`."""
    client = await _client(endpoint)
    request = client.models.with_streaming_response.list(extra_headers=NO_COMPRESSION)
    async with _answer(request, deadline) as answer:
        yield answer


def chunks_of(response) -> AsyncIterator[bytes]:
    """Return the body as it arrives, decompressed where it was compressed after all."""
    if response.headers.get("content-encoding", "identity") == "identity":
        return response.stream.__aiter__()  # a third cheaper than aiter_bytes
    return response.aiter_bytes()


def on_end(response, callback):
    """Have `callback` called once the body is there whole, however much was read of it.

    Neither library passes that on; below them, aiohttp says it.
    """
    response.stream._stream._aiohttp_response.content.on_eof(callback)


def transport_errors() -> tuple[type[Exception], ...]:
    library = preload()
    return (library.httpx2.HTTPError, library.aiohttp.ClientError, OSError)


def body_error(error: Exception) -> ProviderError:
    """Say what a transport error in the middle of a body means."""
    if isinstance(error, preload().httpx2.DecodingError):
        return ProviderError("malformed")
    return ProviderError("connection_lost", retryable=True)


async def _client(endpoint):
    """Return the running loop's client for `endpoint`."""
    clients = _clients.setdefault(asyncio.get_running_loop(), {})
    if endpoint not in clients:
        if not (endpoint.api_key.isascii() and endpoint.api_key.isprintable()):
            raise ProviderError("key_rejected")
        await asyncio.to_thread(preload)
        if endpoint not in clients:
            clients[endpoint] = _new_client(endpoint)
    return clients[endpoint]


def _new_client(endpoint):
    library = preload()
    connect = settings.OPENAI_CONNECT_TIMEOUT_SECONDS
    http = library.openai.DefaultAioHttpClient(
        transport=library.transport(verify=library.tls, client=_new_session),
        trust_env=False,  # no proxies
        follow_redirects=False,
        # Reading is timed by the caller, who can tell a first token from a gap.
        timeout=library.httpx2.Timeout(None, connect=connect, pool=connect),
        event_hooks={"response": [_refuse]},
    )
    try:
        client = library.openai.AsyncOpenAI(
            base_url=endpoint.base_url,
            api_key=endpoint.api_key or "none",
            max_retries=0,  # ours know Retry-After's limit and the first token
            http_client=http,
        )
    except library.httpx2.InvalidURL:
        raise ProviderError("unreachable") from None
    # The library reads these from the environment; no provider was meant to get them.
    client.organization = client.project = None
    return client


def _new_session():
    """Return what the connections are kept in; the library would look at no address."""
    aiohttp = preload().aiohttp
    connector = aiohttp.TCPConnector(
        limit=settings.OPENAI_MAX_CONNECTIONS,
        keepalive_timeout=KEEP_SECONDS,
        ssl=preload().tls,
        socket_factory=open_socket,
    )
    # Of a provider's cookies nobody knows whose they would be.
    return aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar()
    )


@contextlib.asynccontextmanager
async def _answer(request, deadline):
    async with contextlib.AsyncExitStack() as stack:
        try:
            async with asyncio.timeout_at(deadline):
                answer = await stack.enter_async_context(request)
        except TimeoutError:
            raise ProviderError("slow_to_start") from None
        except (preload().openai.OpenAIError, *transport_errors()) as error:
            raise _connect_error(error) from None
        yield answer.http_response


async def _refuse(response):
    """Turn an answer that is no success into a ProviderError; a hook of the client.

    Here, because the library would read an error's body whole, however large.
    """
    if response.status_code < 300:
        return
    body = bytearray()
    with contextlib.suppress(TimeoutError, *transport_errors()):
        async with asyncio.timeout(ERROR_BODY_SECONDS):
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_ERROR_BYTES:
                    break
    raise from_response(response.status_code, response.headers, bytes(body))


def _connect_error(error):
    """Say what went wrong before there were headers, from the innermost cause."""
    aiohttp = preload().aiohttp
    causes = []
    while error is not None:
        causes.append(error)
        error = error.__cause__
    if _any(causes, aiohttp.ConnectionTimeoutError):
        return ProviderError("unreachable")
    if _any(causes, aiohttp.ClientConnectorError):
        return ProviderError("unreachable", retryable=True)
    if _any(causes, aiohttp.ClientResponseError):
        return ProviderError("not_an_api")  # it does not speak HTTP
    if _any(causes, aiohttp.ClientConnectionError, ConnectionError):
        return ProviderError("connection_lost", retryable=True)
    return ProviderError("unreachable")


def _any(errors, *kinds):
    return any(isinstance(error, kinds) for error in errors)
