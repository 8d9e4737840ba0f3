"""The site on both stacks, whose processes may be killed in every test.

FAULTS=full does everything as often as the promises say. What is random comes from a
seed that a failure names; FAULTS_SEED repeats it.
"""

import contextlib
import os
import secrets

import pytest

from tests.services import PostgreSQL, Redis

from .echo import EchoProvider
from .figures import Figures
from .stack import FULL, Servers, Stack

SEED = os.environ.get("FAULTS_SEED") or secrets.token_hex(4)
FIGURES = Figures()
STACKS = {
    "one": "one process, SQLite",
    "two": "two processes, PostgreSQL and Redis",
}
# `make test` runs everything once on each stack, and so has one of them at a time.
CHOSEN = {"sqlite": ["one"], "postgres": ["two"]}.get(os.environ.get("TEST_STACK"))


def pytest_collection_modifyitems(config, items):
    """Leave to the run on the other stack what names that stack itself."""
    left = [item for item in items if is_for_another_run(item)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def is_for_another_run(item):
    servers = getattr(item, "callspec", None) and item.callspec.params.get("servers")
    return bool(CHOSEN and servers) and servers not in CHOSEN


@pytest.fixture(scope="package")
def upstream():
    with EchoProvider() as provider:
        yield provider


@pytest.fixture(scope="package", params=CHOSEN or [*STACKS])
def servers(request, tmp_path_factory, upstream):
    """The processes of one stack; they run as long as its tests."""
    name, data_dir = STACKS[request.param], tmp_path_factory.mktemp("faults")
    with contextlib.ExitStack() as stack:
        services = {}
        if request.param == "two":
            services["postgres"] = stack.enter_context(PostgreSQL())
            services["redis"] = stack.enter_context(Redis())
        processes = 2 if services else 1
        yield stack.enter_context(
            Servers(name, data_dir, upstream, processes=processes, **services)
        )


@pytest.fixture
async def stack(request, servers, upstream):
    """The site, running and with its model at rest; tabs are closed at the end."""
    upstream.reset()
    servers.restore()
    stack = Stack(servers, upstream, f"{SEED} {request.node.name}", FIGURES)
    yield stack
    await stack.close_all()


@pytest.fixture
def provider(upstream):
    """The model that answers."""
    return upstream


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_makereport(item, call):
    """Beside a failure stand its seed, the tabs and the servers' last words."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("stack")
    if report.failed and stack is not None:
        report.sections.append(("the seed", f"FAULTS_SEED={SEED}"))
        tabs = [f"{c.history.name}: {c.describe()}" for c in stack.clients]
        report.sections.append(("the tabs", "\n".join(tabs)))
        for site in stack.sites:
            report.sections.append((f"the log of {site.url}", site.tail(40)))
    return report


def pytest_terminal_summary(terminalreporter):
    lines = list(FIGURES.lines())
    if lines and FULL:
        terminalreporter.section("measured on the way")
        for line in lines:
            terminalreporter.write_line(line)
