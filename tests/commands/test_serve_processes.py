"""`manage.py serve --processes`: several of them at one port."""

import os
import re
import select
import signal

import pytest

from conversations.management import ports
from tests import stack
from tests.commands.serving import Serving
from tests.patience import PATIENCE_SECONDS
from tests.services import Redis


@pytest.fixture(scope="module")
def redis():
    with Redis() as redis:
        yield redis


@pytest.fixture(scope="module")
def site_environment(tmp_path_factory):
    """One site for all the tests here, prepared once."""
    folder = tmp_path_factory.mktemp("site")
    environment = {"DATA_DIR": str(folder), **stack.environment(folder)}
    with Serving("--prepare", **environment) as serving:
        serving.until("Ctrl-C")
    return environment


@pytest.fixture
def serve_many(serve, redis):
    """Serve with two processes; return the server and their ids."""

    def start(**changes):
        serving = serve(**{"REDIS_URL": redis.url, "PROCESSES": "2"} | changes)
        greeted = serving.until("Ctrl-C")
        pids = [int(pid) for pid in re.findall(r"Process (\d+) serves", greeted)]
        while len(pids) < 2:
            pids.append(serving.next_process())
        return serving, pids

    return start


def test_several_need_redis_and_say_so(serve):
    serving = serve("--processes", "2", REDIS_URL=None)
    said = serving.all()
    assert serving.exit_code == 1
    assert "set REDIS_URL, or serve with --processes 1" in said
    assert len(said.splitlines()) == 1


def test_they_share_a_port_are_greeted_for_once_and_end_in_order(serve_many):
    serving, pids = serve_many()
    for _ in range(20):
        serving.get("/health/live/")
    assert serving.end() == 0
    said = serving.all()
    assert "Ctrl-C ends it." not in said
    assert said.count("GET /health/live/ 200") == 20
    for pid in pids:
        wait_gone(pid)


def test_argument_wins_over_the_setting(serve):
    serving = serve("--processes", "1", PROCESSES="2", REDIS_URL=None)
    assert "serves." not in serving.until("Ctrl-C")


def test_one_that_dies_is_replaced_after_a_pause_that_grows(serve_many):
    serving, (pid, _) = serve_many()
    pids, pauses = [pid], []
    for _ in range(3):
        os.kill(pid, signal.SIGKILL)
        said = serving.until("Another starts in")
        assert f"Process {pid} ended with code -9" in said
        pauses.append(float(re.search(r"Another starts in ([\d.]+) s", said)[1]))
        pid = serving.next_process()
        assert pid not in pids
        pids.append(pid)
    assert pauses == [0.5, 1, 2]
    serving.get("/health/live/")
    assert serving.end() == 0


def test_ctrl_c_reaches_them_once(serve_many):
    """A terminal sends it to all of a group; twice would mean "now"."""
    serving, pids = serve_many()
    groups = {os.getpgid(pid) for pid in pids}
    assert os.getpgid(serving.process.pid) not in groups
    serving.send(signal.SIGINT)
    assert serving.exit_code == 0


def test_one_that_hangs_is_killed_and_that_is_not_in_order(serve_many):
    serving, (pid, _) = serve_many(SHUTDOWN_GRACE_SECONDS="-9")
    os.kill(pid, signal.SIGSTOP)
    serving.send(signal.SIGTERM)
    assert f"Process {pid} does not end: killed." in serving.until("killed.")
    assert serving.exit_code == 1


def test_they_do_not_outlive_the_one_that_looks_after_them(serve_many):
    serving, pids = serve_many()
    serving.kill()
    for pid in pids:
        wait_gone(pid)


def test_second_server_at_the_port_is_refused_and_figures_are_kept_together(
    serve_many, tmp_path
):
    folder = tmp_path / "figures"
    folder.mkdir()
    old = folder / "counter_1.db"
    old.write_text("of the processes before")
    serving, pids = serve_many(PROMETHEUS_MULTIPROC_DIR=str(folder))
    with pytest.raises(ports.PortError, match=f"Port {serving.port} is in use"):
        ports.Port("127.0.0.1", serving.port)
    serving.get("/metrics")
    assert not old.exists()
    kept_by = {path.stem.rpartition("_")[2] for path in folder.glob("*.db")}
    assert kept_by & {str(pid) for pid in pids}


def test_where_the_system_does_not_spread_they_share_a_socket(monkeypatch):
    monkeypatch.setattr(ports, "SPREADS", False)
    port = ports.Port("127.0.0.1", 0)
    with port.open() as one, port.open() as other:
        assert one.getsockname() == other.getsockname()
        port.close()


def wait_gone(pid):
    """Wait until a process that is not our child has ended."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        ended, *_ = select.select([process], [], [], PATIENCE_SECONDS)
    finally:
        os.close(process)
    assert ended, f"process {pid} lives on"
