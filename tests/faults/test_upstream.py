"""P12–P18: what a provider may do, through the whole site.

Each misbehaviour has its state, code and sentence; what was written stays, the next
message works, the administrator finds it, and its own words reach nobody.
"""

import asyncio
import contextlib
import json

import pytest

from conversations.models import Failure
from tests.fakes import HANG, ScriptedProvider

from . import misbehaviours
from .forms import Visitor
from .misbehaviours import SECRET, Misbehaviour
from .stack import count

PROXIES = ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY")
CONNECTIONS = 6


@pytest.fixture(scope="module")
def bystander():
    """A server to which no request of ours belongs."""
    with ScriptedProvider(api_key=None) as server:
        yield server


@pytest.fixture(scope="module", autouse=True)
def impatience(servers, bystander):
    """The site, impatient, among proxies it must not use."""
    settings = dict.fromkeys(PROXIES, f"http://127.0.0.1:{bystander.port}")
    settings |= {"OPENAI_MAX_CONNECTIONS": str(CONNECTIONS), "no_proxy": ""}
    with servers.throughout(**misbehaviours.IMPATIENCE, **settings):
        yield
    assert bystander.connection_count == 0


@pytest.fixture(scope="module")
def warm():
    """The processes that have asked a model before: the first time takes longer."""
    return set()


@pytest.fixture
async def open_tab(stack, warm):
    """Open a tab that keeps every frame as it came in `heard`."""

    async def open_tab():
        tab = await stack.tab()
        tab.heard, take = [], tab.history.take
        tab.history.take = lambda frame: tab.heard.append(frame) or take(frame)
        return tab

    for site in stack.sites:
        if site.process.pid not in warm:
            warm.add(site.process.pid)
            await (await stack.tab(at=site)).ask("Hello")
    stack.provider.reset()
    return open_tab


@pytest.fixture
async def tab(open_tab):
    return await open_tab()


@pytest.fixture
async def administrator(stack):
    return Visitor(stack.site, await stack.ask("sign_in_administrator"))


@contextlib.contextmanager
def everything_said(stack):
    """Collect what the processes log within the block, as one text in a list."""
    begun, said = [len(site.log) for site in stack.sites], []
    yield said
    logs = (s.log[n:] for s, n in zip(stack.sites, begun, strict=True))
    said.append("".join(line for log in logs for line in log))


def everywhere(cases):
    """Have a test suffer all `cases` in one process, and every third in two."""
    pairs = [("one", case) for case in cases]
    pairs += [("two", case) for case in cases[:: count(3, 1)]]
    names = [f"{stack}-{case.name.replace(' ', '-')}" for stack, case in pairs]
    return pytest.mark.parametrize(
        ("servers", "case"), pairs, ids=names, indirect=["servers"], scope="package"
    )


# ── how a reply ends ──────────────────────────────────────────────────────────────
@everywhere(misbehaviours.AT_ONCE)
async def test_each_misbehaviour_ends_as_it_should(
    stack, provider, tab, administrator, case
):
    case.script(provider)
    with everything_said(stack) as said:
        reply = await tab.ask("Anybody there?")
        await check_told(stack, tab, administrator, reply, case)
    assert len(provider.requests) == case.calls
    check_private("".join(said), provider)
    provider.forget_scripts()
    assert (await tab.ask("And now?")).state == "finished"


async def test_whoever_hangs_is_given_up(stack, provider, open_tab, administrator):
    """All at once: each of them takes its time."""
    cases, hanging = misbehaviours.HANGING, []
    with everything_said(stack) as said:
        for number, case in enumerate(cases, 1):
            case.script(provider)
            tab = await open_tab()
            sent = tab.say("Anybody there?")
            request = await provider.request_arrived(number)
            hanging.append((case, tab, sent, request))
        for case, tab, sent, request in hanging:
            reply = await tab.reply_to(sent)
            reply = await tab.ended(reply.pk)
            await check_told(stack, tab, administrator, reply, case)
            await request.client_left()
    assert len(provider.requests) == len(cases)
    check_private("".join(said), provider)
    for _, tab, *_ in hanging:
        assert (await tab.ask("And now?")).state == "finished"


async def check_told(stack, tab, administrator, reply, case):
    """The end is right; so are the row, the page and the administrator's pages."""
    check_end(tab, reply, case)
    stored = await stack.ask("reply_facts", reply.pk)
    check_row(stored, case)
    pages = await pages_of(stack, tab, administrator, stored["generation"])
    check_admin(pages["list"] + pages["row"], stored)
    for told in (json.dumps(tab.heard), *pages.values()):
        check_private(told, stack.provider)


def check_end(tab, reply, case):
    end = tab.history.ends[reply.pk][-1]
    assert end["state"] == case.state
    if case.code:
        sentence = str(Failure(case.code).label)
        assert end["error"] == {"code": case.code, "sentence": sentence}
        assert sentence.replace("'", "&#x27;") in end["html"]
    else:
        assert end["error"] is None


def check_row(stored, case):
    """What was good is kept, and the row says what happened."""
    assert stored["text"].startswith(case.text)
    assert case.goes_on or stored["text"] == case.text
    assert (stored["state"], stored["error_code"]) == (case.state, case.code)
    assert stored["error_status"] == case.status
    assert bool(stored["request_id"]) or not case.status


def check_admin(page, stored):
    """The administrator's pages name all that is needed to find the cause."""
    for name in ("provider", "model", "persona", "error_code", "request_id"):
        assert stored[name] in page, name
    if stored["error_status"]:
        assert str(stored["error_status"]) in page


def check_private(told, provider):
    assert SECRET not in told
    assert provider.api_key not in told
    assert "Traceback" not in told


async def pages_of(stack, tab, administrator, pk):
    """Return the pages on which a person and an administrator see that generation."""
    person = Visitor(stack.other, tab.session)
    rows = "/admin/conversations/generation/"
    paths = {
        "conversation": (person, f"/c/{tab.conversation}/"),
        "list": (administrator, f"{rows}?q={pk}"),
        "row": (administrator, f"{rows}{pk}/change/"),
    }
    pages = {}
    for name, (visitor, path) in paths.items():
        status, _, pages[name] = await asyncio.to_thread(visitor.ask, "GET", path)
        assert status == 200, name
    return pages


def test_every_failure_of_a_provider_has_a_sentence_of_its_own():
    cases = misbehaviours.AT_ONCE + misbehaviours.HANGING
    codes = {case.code for case in cases if case.code}
    others = {"redirected", "unreachable"}  # below
    # No provider's: tests/usage/ has those of budgets.
    ours = {"interrupted", "internal", "budget", "price_unknown"}
    assert codes | others | ours == set(Failure.values)
    assert len({str(failure.label) for failure in Failure}) == len(Failure)


# ── where requests go ─────────────────────────────────────────────────────────────
async def test_a_redirect_is_not_followed(provider, tab, bystander):
    elsewhere = {"Location": f"{bystander.base_url}/chat/completions"}
    provider.fail(307, headers=elsewhere)
    reply = await tab.ask("Anybody there?")
    case = Misbehaviour("307", None, "redirected")
    check_end(tab, reply, case)
    assert len(provider.requests) == 1
    assert bystander.requests == []


async def test_a_provider_that_is_away_is_unreachable(stack, tab):
    with ScriptedProvider() as gone:
        persona = await stack.ask("add_persona_at", gone.base_url)
    reply = await tab.reply_to(tab.say("Anybody there?", persona=persona))
    reply = await tab.ended(reply.pk)
    check_end(tab, reply, Misbehaviour("away", None, "unreachable"))
    here = stack.provider
    await stack.ask("move_provider", persona, here.base_url, here.api_key)
    assert (await tab.ask("And now?")).state == "finished"


async def test_no_more_connections_are_opened_than_set(stack, provider):
    session = await stack.sign_in()
    tabs = [await stack.tab(session, at=stack.site) for _ in range(2 * CONNECTIONS)]
    before = provider.connection_count
    replies = await asyncio.gather(*(tab.ask("All at once") for tab in tabs))
    assert {reply.state for reply in replies} == {"finished"}
    assert provider.connection_count - before <= CONNECTIONS


# ── when it is tried again ────────────────────────────────────────────────────────
@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_failure_that_passes_is_not_seen(provider, tab, status):
    provider.fail(status, times=2)
    assert (await tab.ask("Anybody there?")).state == "finished"
    assert len(provider.requests) == 3


async def test_the_pause_that_a_provider_asks_for_is_kept(provider, tab):
    loop = asyncio.get_running_loop()
    provider.fail(429, headers={"Retry-After": "1"})
    asked = loop.time()
    assert (await tab.ask("Anybody there?")).state == "finished"
    assert loop.time() - asked >= 1
    assert len(provider.requests) == 2


# ── Stop, while nothing comes ─────────────────────────────────────────────────────
WAITING = [
    *misbehaviours.HANGING[:4],
    Misbehaviour(
        "a pause", misbehaviours.fails(429, headers={"Retry-After": "15"}), ""
    ),
    Misbehaviour("a flow", misbehaviours.says(*["and "] * 9, HANG), "", text="and "),
]


@everywhere(WAITING)
async def test_stop_works_at_any_moment(stack, provider, tab, case):
    case.script(provider)
    reply = await tab.reply_to(tab.say("Anybody there?"))
    request = await provider.request_arrived()
    if case.text:
        await tab.shows(reply.pk, case.text.strip())
    other = await stack.another_tab(tab, at=stack.other)
    await other.until(lambda: reply.pk in other.page.messages, "the reply")
    other.stop(reply.pk)
    ended = await tab.ended(reply.pk)
    assert ended.state == "stopped"
    assert case.text.strip() in ended.words
    if case.name != "a pause":
        await request.client_left()
    assert len(provider.requests) == 1
    provider.forget_scripts()
    assert (await tab.ask("And now?")).state == "finished"
