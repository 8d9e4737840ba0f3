"""The threads in which requests are answered; on SQLite each keeps its connection."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.db import connections

# So many wait for the next request; while more are asked for at once, there are more.
MOST_IDLE = 8


class Desks:
    """An ASGI application that has `application` answer each request at a desk.

    Django would begin and end a thread for each, and SQLite would open its file anew:
    most of what a small page costs.
    """

    def __init__(self, application):
        self._application = application
        self._idle = []

    async def __call__(self, scope, receive, send):
        # In a context of its own: asgiref carries every variable of the one around it,
        # some forty of Django's, to the thread and back at each step.
        answering = self._answer(scope, receive, send)
        await asyncio.get_running_loop().create_task(answering, context=Context())

    async def _answer(self, *arguments):
        desk = self._idle.pop() if self._idle else ThreadPoolExecutor(1, "desk")
        is_free = False  # whoever is broken off may leave something running there
        try:
            async with ThreadSensitiveContext(executor=desk):
                await self._application(*arguments)
            is_free = len(self._idle) < MOST_IDLE
        finally:
            if is_free:
                self._idle.append(desk)
            else:
                # Django's own closing goes with who is broken off, and the pool would
                # wait for ever for the connection of a thread that is gone.
                desk.submit(connections.close_all)
                desk.shutdown(wait=False)


class DeskHandler(ASGIHandler):
    """Django's, whose middleware and views all run in one visit to the desk.

    They would go there and back for each middleware that looks at the view, and for
    the view: a quarter of what a small page costs.
    """

    def load_middleware(self, is_async=False):
        super().load_middleware()

    async def get_response_async(self, request):
        return await sync_to_async(self.get_response)(request)
