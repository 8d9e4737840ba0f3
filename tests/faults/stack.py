"""The site as it is run: one process on SQLite, or two on PostgreSQL and Redis."""

import asyncio
import contextlib
import itertools
import os
import random
import uuid
from concurrent.futures import ThreadPoolExecutor

from tests.database import Database
from tests.patience import PATIENCE_SECONDS
from tests.site import Site

from .checker import branch_through, violations
from .client import Client

FULL = os.environ.get("FAULTS") == "full"


def count(everyday, full):
    """Return how often to do it: `full` with FAULTS=full, else `everyday`."""
    return full if FULL else everyday


class Servers:
    """The processes of one site, with its database and, for two, its services.

    `postgres` and `redis` are None on the stack of one process. See tests.services.
    """

    is_prepared = False

    def __init__(self, name, data_dir, upstream, *, processes=1, **services):
        self.name, self.data_dir = name, data_dir
        self.postgres = services.get("postgres")
        self.redis = services.get("redis")
        settings = {
            "OPENAI_BASE_URL": upstream.base_url,
            "OPENAI_API_KEY": upstream.api_key,
            "CHAT_MAX_OPEN_REPLIES": "1000",
            "DATABASE_URL": self.postgres and self.postgres.url("faults"),
            "REDIS_URL": self.redis and self.redis.url,
        }
        self.sites = [Site(data_dir, **settings)]
        settings["SITE_URL"] = self.sites[0].url
        self.sites += [Site(data_dir, **settings) for _ in range(processes - 1)]
        self._settings = [dict(site.environment) for site in self.sites]

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self._stop()
            raise
        self.database = Database(self.sites[0].environment, rows="tests.faults.rows")
        return self

    def __exit__(self, *exc_info):
        self.database.close()
        self._stop()

    def _stop(self):
        for site in self.sites:
            if site.is_running:
                site.stop()

    def start(self):
        """Start whatever does not run: the first time one by one, as one migrates."""
        ended = [site for site in self.sites if not site.is_running]
        with ThreadPoolExecutor(len(self.sites) if self.is_prepared else 1) as threads:
            list(threads.map(Site.start, ended))
        self.is_prepared = True

    def set(self, **settings):
        """Have the processes run with `settings` from their next start on."""
        for site in self.sites:
            site.environment |= settings

    @contextlib.contextmanager
    def throughout(self, **settings):
        """Have every test within run with `settings`, with nothing started anew."""
        before = self._settings
        self._settings = [own | settings for own in before]
        yield
        self._settings = before

    def restore(self):
        """Be as at first: what runs with other settings is started again."""
        for site, settings in zip(self.sites, self._settings, strict=True):
            if site.environment != settings:
                site.environment = dict(settings)
                if site.is_running:
                    site.kill()
        self.start()


class Stack:
    """What a test has: the site, its model, people at their tabs, and the comparison.

    `rng` is where every random choice must come from; `seed` repeats it.
    """

    def __init__(self, servers, provider, seed, figures):
        self.servers, self.provider, self.seed = servers, provider, seed
        self.sites, self.name = servers.sites, servers.name
        self.postgres, self.redis = servers.postgres, servers.redis
        self.rng = random.Random(seed)
        self.clients = []
        self._figures = figures
        self._names = itertools.count(1)

    @property
    def is_many(self):
        return len(self.sites) > 1

    @property
    def site(self):
        return self.sites[0]

    @property
    def other(self):
        """Another process of the site; the only one where there is but one."""
        return self.sites[-1]

    # ── the processes ─────────────────────────────────────────────────────────────
    async def start(self, *sites):
        """Start those processes, or all, as far as they do not run."""
        ended = [site for site in sites or self.sites if not site.is_running]
        await asyncio.gather(*(asyncio.to_thread(site.start) for site in ended))

    async def kill(self, *sites):
        """End them, or all, by SIGKILL, at the same moment."""
        for site in sites or self.sites:
            site.process.kill()
        await self.wait(*sites)

    async def wait(self, *sites, patience_seconds=PATIENCE_SECONDS):
        """Wait until they, or all, have ended; return their exit codes."""
        waits = (
            asyncio.to_thread(site.wait, patience_seconds)
            for site in sites or self.sites
        )
        return await asyncio.gather(*waits)

    async def restart(self, **settings):
        """Start all anew with other settings; after the test they are as before."""
        self.servers.set(**settings)
        running = [site for site in self.sites if site.is_running]
        if running:
            await self.kill(*running)
        await self.start()

    # ── people ────────────────────────────────────────────────────────────────────
    async def sign_in(self, name="alice"):
        """Add somebody; return the key of their session."""
        _, session = await self.ask("sign_in", name)
        return session

    async def tab(self, session=None, conversation=None, *, at=None, via=None):
        """Open a tab: of a new person and a new conversation, unless told.

        `at` is the process it comes to first; the others follow when that is away.
        `via`, an address (of a Proxy), is the only one it knows.
        """
        session = session or await self.sign_in()
        name = f"tab {next(self._names)}"
        client = Client(
            name,
            session,
            conversation or uuid.uuid4(),
            [via] if via else self.addresses(at),
            origin=self.site.url,
            rng=random.Random(f"{self.seed} {name}"),
        )
        self.clients.append(client)
        return await client.open()

    def addresses(self, first=None):
        """Return where the site can be reached, `first` before the others."""
        first = first or self.site
        return [first.url, *(site.url for site in self.sites if site is not first)]

    async def another_tab(self, client, *, at=None):
        """Open one more tab of the same conversation, which shows what is there."""
        head = (await self.stored(client))["head"]
        tab = await self.tab(client.session, client.conversation, at=at)
        await tab.until(lambda: head in tab.page.messages, "the conversation")
        return tab

    async def close_all(self):
        await asyncio.gather(*(client.close() for client in self.clients))

    # ── what is there in the end ──────────────────────────────────────────────────
    async def ask(self, function, *arguments, **named):
        """Call a function of `rows` in the site's database."""
        return await self.servers.database.ask(function, *arguments, **named)

    async def stored(self, client):
        """Return the client's conversation as the database has it."""
        return await self.ask("conversation", client.conversation)

    async def rest(self, *clients):
        """Wait until nothing grows any more: in those tabs, or all, nor for them."""
        clients = clients or self.clients
        open_tabs = [client for client in clients if client.comes_back]
        await asyncio.gather(*(client.settled() for client in open_tabs))
        conversations = sorted({client.conversation for client in clients})
        await self.ask("wait_until_settled", conversations, PATIENCE_SECONDS)

    async def check(self, *clients, story=None, states=None):
        """Wait until all is settled, then compare every tab with the database.

        `story(question)` is the text of the reply that belongs to a question; None:
        what EchoProvider tells, False: that is not compared. `states` are those in
        which replies may have ended, if not any.
        """
        clients = clients or self.clients
        await self.rest(*clients)
        open_tabs = [client for client in clients if client.comes_back]
        await asyncio.gather(*map(self._same_page, open_tabs))
        await asyncio.gather(*(client.settled() for client in open_tabs))
        found = []
        for conversation in sorted({client.conversation for client in clients}):
            of_it = [c for c in clients if c.conversation == conversation]
            stored = await self.ask("conversation", conversation)
            found += violations(
                [client.history for client in of_it],
                stored,
                story=self.provider.story if story is None else story,
                states=states,
            )
        assert not found, "\n".join(found)

    async def _same_page(self, client):
        """Wait until the tab has heard what is on its way to it."""
        stored = await self.stored(client)
        if stored is None:
            return
        head = branch_through(stored["messages"], client.page.head)[-1]
        with contextlib.suppress(AssertionError):  # the comparison says what is wrong
            await client.until(lambda: client.page.head == head, "the head")

    def note(self, what, unit, value):
        """Keep a figure for the table at the end of a run with FAULTS=full."""
        self._figures.note(what, unit, value, on=self.name)
