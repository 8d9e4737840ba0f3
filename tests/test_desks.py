import asyncio
import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar
from unittest import mock

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.db import connections
from django.http import HttpResponse
from django.test import SimpleTestCase, override_settings
from django.urls import path

from conversations.desks import MOST_IDLE, DeskHandler, Desks
from tests.patience import PATIENCE_SECONDS

urlpatterns = [path("", lambda request: HttpResponse("here"))]


class DesksTests(SimpleTestCase):
    def setUp(self):
        self.desks = Desks(self.answer)
        self.threads, self.barrier = [], None
        self.begun = threading.Event()
        self.mind, self.found = ContextVar("mind", default="nothing"), []

    async def answer(self, scope, receive, send):
        await sync_to_async(self.work)()

    def work(self):
        barrier = self.barrier
        self.threads.append(threading.get_ident())
        self.found.append(self.mind.get())
        self.begun.set()
        if barrier is not None:
            barrier.wait()

    async def ask(self):
        await self.desks({"type": "http"}, None, None)

    async def ask_at_once(self, count):
        self.barrier = threading.Barrier(count, timeout=PATIENCE_SECONDS)
        await asyncio.gather(*(self.ask() for _ in range(count)))
        self.barrier = None

    async def test_one_after_the_other_comes_to_the_same_desk(self):
        await self.ask()
        await self.ask()

        self.assertEqual(len(set(self.threads)), 1)

    async def test_those_who_come_at_once_have_one_each(self):
        await self.ask_at_once(3)

        self.assertEqual(len(set(self.threads)), 3)

    async def test_what_the_process_has_in_mind_is_not_carried_along(self):
        self.mind.set("something")
        await self.ask()

        self.assertEqual(self.found, ["nothing"])

    async def test_few_are_kept_while_nobody_asks(self):
        await self.ask_at_once(MOST_IDLE + 2)

        self.assertEqual(len(self.desks._idle), MOST_IDLE)

    async def test_nobody_waits_at_the_desk_of_one_who_was_broken_off(self):
        self.barrier = busy = threading.Barrier(2, timeout=PATIENCE_SECONDS)
        asking = asyncio.create_task(self.ask())
        await asyncio.to_thread(self.begun.wait, PATIENCE_SECONDS)
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking
        self.barrier = None

        await self.ask()

        self.assertEqual(len(set(self.threads)), 2)
        busy.wait()

    async def test_who_is_broken_off_leaves_no_connection_behind(self):
        """Of a pool it would be missing from then on."""
        self.barrier = busy = threading.Barrier(2, timeout=PATIENCE_SECONDS)
        closed_in = queue.SimpleQueue()
        asking = asyncio.create_task(self.ask())
        await asyncio.to_thread(self.begun.wait, PATIENCE_SECONDS)
        with mock.patch.object(connections, "close_all") as close_all:
            close_all.side_effect = lambda: closed_in.put(threading.get_ident())
            asking.cancel()
            with suppress(asyncio.CancelledError):
                await asking
            busy.wait()
            thread = await asyncio.to_thread(closed_in.get, timeout=PATIENCE_SECONDS)

        self.assertEqual([thread], self.threads)


class CountingDesk(ThreadPoolExecutor):
    visits = 0

    def submit(self, *args, **kwargs):
        self.visits += 1
        return super().submit(*args, **kwargs)


LOOK_AT_THE_VIEW = [
    "django.middleware.csrf.CsrfViewMiddleware",
    "conversations.middleware.NulMiddleware",
]


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=LOOK_AT_THE_VIEW)
class DeskHandlerTests(SimpleTestCase):
    async def ask(self, desk):
        scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
        asked, sent = asyncio.Queue(), []
        asked.put_nowait({"type": "http.request"})

        async def send(message):
            sent.append(message)

        async with ThreadSensitiveContext(executor=desk):
            await DeskHandler().handle(scope, asked.get, send)
        return sent

    async def test_what_looks_at_the_view_and_the_view_are_one_visit(self):
        with CountingDesk(1) as desk:
            started, body = await self.ask(desk)

        self.assertEqual((started["status"], body["body"]), (200, b"here"))
        self.assertEqual(desk.visits, 3)  # before it and after it there is one more
