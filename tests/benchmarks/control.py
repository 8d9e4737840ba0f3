"""The control: Daphne and an application that does nothing but answer.

A page with a box that asks over a socket, and a socket that answers at once, or writes
a text by the clock. What a figure of ours costs above this is our own doing.
"""

import asyncio
import json

from .upstream import SECTION, pieces

PAGE = b"""<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Control</title>
<body><div id="messages"></div>
<chat-thread></chat-thread><chat-composer><textarea id="composer-text"></textarea>
</chat-composer><script type="module">
customElements.define("chat-thread", class extends HTMLElement {});
customElements.define("chat-composer", class extends HTMLElement {});
const socket = new WebSocket(`ws://${location.host}/`);
socket.onopen = () => document.body.dataset.open = "";
socket.onmessage = ({ data }) => {
  const { starts, text, ends } = JSON.parse(data);
  if (starts) messages.insertAdjacentHTML("beforeend",
    `<div class="message--assistant" data-state="running"><p data-part="body"></p>`);
  messages.lastElementChild.firstElementChild.append(text);
  if (ends) messages.lastElementChild.dataset.state = "finished";
};
const box = document.getElementById("composer-text");
box.focus();
box.onkeydown = (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  socket.send(box.value);
  box.value = "";
};
</script>"""
FRAME_SECONDS = 0.05


async def application(scope, receive, send):
    if scope["type"] == "http":
        headers = [(b"content-type", b"text/html; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": PAGE})
    elif scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        await _talk(receive, send)


async def _talk(receive, send):
    """Answer each text; `{"tokens": …, "rate": …}` with so many by the clock."""
    while (event := await receive())["type"] != "websocket.disconnect":
        text = event.get("text") or ""
        if text.startswith("{"):
            await _write(send, **json.loads(text))
        elif event["type"] == "websocket.receive":
            await _say(send, starts=True, text=text, ends=True)


async def _write(send, *, tokens, rate):
    words = pieces(SECTION)
    step = max(1, round(rate * FRAME_SECONDS))
    for at in range(0, tokens, step):
        text = "".join(words[n % len(words)] for n in range(at, at + step))
        await _say(send, starts=not at, text=text, ends=at + step >= tokens)
        await asyncio.sleep(step / rate)


async def _say(send, **frame):
    await send({"type": "websocket.send", "text": json.dumps(frame)})
