"""A chat completion, streamed."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable

from django.conf import settings

from .client import open_chat
from .errors import ProviderError
from .exchange import Exchange
from .reply import Finish, ReasoningDelta, TextDelta, Usage
from .requests import ChatRequest, Endpoint

FIRST_RETRY_SECONDS = 0.2  # then twice as long: two retries are over within 0.6 s


async def stream_chat(
    endpoint: Endpoint,
    request: ChatRequest,
    *,
    gather: Callable[[], asyncio.Future] | None = None,
) -> AsyncGenerator[TextDelta | ReasoningDelta | Usage | Finish]:
    """Yield the reply as it is written, then its usage, if known, and its finish.

    What `gather` returns is awaited after the first words before more is read, while
    nothing waits to be: many small pieces become a few larger ones. The end of the
    reply ends it early.

    Raises ProviderError, possibly after deltas, which are then good to keep. A reply
    without text raises empty_reply or tool_call, unless it was cut short by its limit
    or a filter. Read it to the end, so that the connection serves again; closing the
    generator or cancelling its task closes the connection at once.
    """
    now = asyncio.get_running_loop().time
    last_deadline = now() + settings.OPENAI_TOTAL_TIMEOUT_SECONDS
    attempts = Attempts(request.body_for(endpoint))
    while True:
        first_deadline = now() + settings.OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS
        first_deadline = min(first_deadline, last_deadline)
        has_started = False
        try:
            async with open_chat(
                endpoint, attempts.body, deadline=first_deadline
            ) as response:
                with Exchange(
                    response,
                    first_deadline=first_deadline,
                    last_deadline=last_deadline,
                    gather=gather,
                ) as exchange:
                    while (pieces := await exchange.read()) is not None:
                        for piece in pieces:
                            has_started = True
                            yield piece
                    for piece in exchange.end():
                        has_started = True
                        yield piece
                    for event in exchange.finish():
                        yield event
            return
        except ProviderError as error:
            if has_started:
                raise
            delay = attempts.delay_after(error)
        await asyncio.sleep(delay)


class Attempts:
    """What is sent next, and when, as long as nothing of a reply was shown."""

    def __init__(self, body: dict):
        self.body = body
        self._retries = 0

    def delay_after(self, error: ProviderError) -> float:
        """Return the seconds until the next attempt, or raise `error` for good."""
        if error.refused_parameter in self.body:
            # Not every server knows it: the reply is worth more than the parameter.
            self.body = dict(self.body)
            del self.body[error.refused_parameter]
            return 0.0
        asked = error.retry_after_seconds or 0.0
        if (
            not error.retryable
            or self._retries >= settings.OPENAI_MAX_RETRIES
            or asked > settings.OPENAI_MAX_RETRY_AFTER_SECONDS
        ):
            raise error
        backoff = FIRST_RETRY_SECONDS * 2**self._retries * random.uniform(0.5, 1)
        self._retries += 1
        return asked + backoff
