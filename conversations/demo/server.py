"""The demo model's HTTP: two routes of the OpenAI API on loopback."""

import asyncio
import contextlib
import contextvars
import hmac
import json
import secrets
import time
from weakref import WeakKeyDictionary

from conversations.llm import Endpoint

from .assistant import answer, tokens_of

MODEL = "demo"
TOKENS_PER_SECOND = 60
MAX_BODY_BYTES = 64 * 1024**2
KEEP_ALIVE_SECONDS = 75
API_KEY = secrets.token_urlsafe(32)

_servers = WeakKeyDictionary()  # running loop → task that returns the server


async def endpoint() -> Endpoint:
    """Return where the demo model listens; the first call in a loop starts it."""
    loop = asyncio.get_running_loop()
    if loop not in _servers:
        _servers[loop] = loop.create_task(_start(), context=contextvars.Context())
    server = await asyncio.shield(_servers[loop])
    port = server.sockets[0].getsockname()[1]
    return Endpoint(base_url=f"http://127.0.0.1:{port}/v1", api_key=API_KEY)


async def aclose():
    """Stop the running loop's server, if there is one."""
    starting = _servers.pop(asyncio.get_running_loop(), None)
    if starting is not None:
        server = await starting
        server.close()


async def _start():
    return await asyncio.start_server(_serve, "127.0.0.1", 0, backlog=1024)


async def _serve(reader, writer):
    """Answer the requests of one connection, one after the other."""
    broken = (OSError, ValueError, asyncio.IncompleteReadError, TimeoutError)
    try:
        with contextlib.suppress(*broken, asyncio.LimitOverrunError):
            while await _answer_one(reader, writer):
                pass
    finally:
        writer.close()


async def _answer_one(reader, writer):
    async with asyncio.timeout(KEEP_ALIVE_SECONDS):
        head = await reader.readuntil(b"\r\n\r\n")
        line, *fields = head.decode("latin-1").strip().split("\r\n")
        headers = dict(field.lower().split(":", 1) for field in fields)
        size = int(headers.get("content-length", 0))
        if size > MAX_BODY_BYTES:
            _send_error(writer, 413, "The request is too large.")
            return False
        body = await reader.readexactly(size)
    # The header's value keeps its case: it is compared as it was sent.
    offered = next((f[14:].strip() for f in fields if _is_authorization(f)), "")
    if not hmac.compare_digest(offered.encode(), f"Bearer {API_KEY}".encode()):
        _send_error(writer, 401, "The key is not this process's.")
    elif line.startswith("GET /v1/models "):
        _send_json(writer, {"object": "list", "data": [_model()]})
    elif line.startswith("POST /v1/chat/completions "):
        await _complete(writer, body)
    else:
        _send_error(writer, 404, "There is nothing here.")
    await writer.drain()
    return True


def _is_authorization(field):
    return field[:14].lower() == "authorization:"


async def _complete(writer, body):
    try:
        request = json.loads(body)
        messages = [(m["role"], _text(m.get("content"))) for m in request["messages"]]
        limit = request.get("max_completion_tokens") or request.get("max_tokens")
        limit = None if limit is None else int(limit)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        _send_error(writer, 400, "The request is not a chat completion.")
        return
    whole = tokens_of(answer(messages))
    tokens = whole[:limit]
    prompt_tokens = sum(len(tokens_of(text)) for _, text in messages)
    finish = "stop" if tokens == whole else "length"
    usage = _usage(prompt_tokens, len(tokens))
    if request.get("stream"):
        with_usage = (request.get("stream_options") or {}).get("include_usage")
        await _stream(writer, tokens, finish, usage if with_usage else None)
    else:
        message = {"role": "assistant", "content": "".join(tokens)}
        choice = {"index": 0, "message": message, "finish_reason": finish}
        answered = _envelope("chat.completion", choices=[choice], usage=usage)
        _send_json(writer, answered)


async def _stream(writer, tokens, finish, usage):
    """Send a token each sixtieth of a second, by the clock."""
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    now = asyncio.get_running_loop().time
    start, envelope = now(), _envelope("chat.completion.chunk")
    for number, token in enumerate(tokens):
        await asyncio.sleep(start + number / TOKENS_PER_SECOND - now())
        _send_event(writer, envelope, {"content": token})
        await writer.drain()
    _send_event(writer, envelope, {}, finish=finish)
    if usage:
        _send_chunk(writer, json.dumps({**envelope, "choices": [], "usage": usage}))
    _send_chunk(writer, "[DONE]")
    writer.write(b"0\r\n\r\n")


def _send_event(writer, envelope, delta, *, finish=None):
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    _send_chunk(writer, json.dumps({**envelope, "choices": [choice]}))


def _send_chunk(writer, data):
    event = f"data: {data}\n\n".encode()
    writer.write(b"%x\r\n%b\r\n" % (len(event), event))


def _send_error(writer, status, message):
    _send_json(writer, {"error": {"message": message, "code": None}}, status)


def _send_json(writer, answered, status=200):
    body = json.dumps(answered).encode()
    writer.write(
        f"HTTP/1.1 {status} Demo\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


def _envelope(kind, **fields):
    name = f"chatcmpl-demo-{secrets.token_hex(8)}"
    created = int(time.time())
    return {"id": name, "object": kind, "created": created, "model": MODEL, **fields}


def _model():
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": "chatsite"}


def _usage(prompt_tokens, completion_tokens):
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
    }


def _text(content):
    """Return the text of a message, whose content may be a list of parts."""
    if isinstance(content, list):
        return "\n".join(part.get("text", "") for part in content)
    return content or ""
