"""What is counted, in one process and in many; and that counting harms nobody."""

import inspect
import json
import logging
import os
import signal
import subprocess
import sys
import threading

import pytest
from prometheus_client.parser import text_string_to_metric_families

from conversations import metrics
from conversations.metrics import exposition
from conversations.metrics.exposition import expose
from conversations.metrics.instruments import Instruments, instruments
from tests.environment import ROOT
from tests.patience import PATIENCE_SECONDS


def samples(text=None):
    """Return the value of each figure by its name and labels."""
    families = text_string_to_metric_families(text or expose()[0].decode())
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def figure(name, text=None, **labels):
    return samples(text)[f"chatsite_{name}", frozenset(labels.items())]


@pytest.fixture
def grown(monkeypatch):
    """Tell by how much a figure has grown since the test began, in this thread."""
    here, own, everyone = threading.current_thread(), Instruments(), instruments

    def of_this_thread():
        return own if threading.current_thread() is here else everyone()

    for module in (metrics, exposition):
        monkeypatch.setattr(module, "instruments", of_this_thread)
    before = samples()

    def by(name, **labels):
        key = f"chatsite_{name}", frozenset(labels.items())
        return samples()[key] - before.get(key, 0)

    return by


def test_replies_are_counted_by_state_and_error(grown):
    metrics.reply_ended("finished", "", 3.0, 200)
    metrics.reply_ended("finished", "", 7.0, 100)
    metrics.reply_ended("failed", "stalled", 90.0, None)
    metrics.reply_ended("interrupted", "", None, 50)
    assert grown("replies_ended_total", state="finished", code="") == 2
    assert grown("replies_ended_total", state="failed", code="stalled") == 1
    assert grown("replies_ended_total", state="interrupted", code="") == 1
    assert grown("reply_tokens_total") == 350
    assert grown("reply_seconds_count") == 3
    assert grown("reply_seconds_sum") == 100
    assert grown("reply_seconds_bucket", le="5.0") == 1
    assert grown("reply_seconds_bucket", le="120.0") == 3


def test_first_tokens_are_timed(grown):
    metrics.first_token(0.3)
    assert grown("reply_first_token_seconds_bucket", le="0.25") == 0
    assert grown("reply_first_token_seconds_bucket", le="0.5") == 1


def test_frames_and_their_bytes_are_counted(grown):
    metrics.frame_sent(900)
    metrics.frame_sent(size_bytes=100)
    assert grown("frames_sent_total") == 2
    assert grown("frames_sent_bytes_total") == 1000


def test_open_sockets_come_and_go(grown):
    metrics.socket_opened()
    metrics.socket_opened()
    metrics.socket_closed()
    assert grown("sockets_open") == 1
    metrics.socket_closed()


def test_running_replies_are_as_last_told():
    metrics.replies_running(7)
    metrics.replies_running(3)
    assert figure("replies_running") == 3


def test_saves_are_timed(grown):
    metrics.saved(50, 0.02)
    assert grown("save_seconds_count") == 1
    assert grown("save_seconds_bucket", le="0.01") == 0
    assert grown("save_seconds_bucket", le="0.025") == 1
    assert grown("saved_replies_total") == 50


def test_upstream_errors_are_counted_by_code(grown):
    metrics.upstream_failed("rate_limited")
    assert grown("upstream_errors_total", code="rate_limited") == 1


def test_lag_is_told_with_its_age(grown):
    metrics.loop_lagged(0.02)
    lag = metrics.lag_seconds()
    assert lag.seconds == 0.02
    assert lag.age_seconds >= 0
    assert metrics.lag_seconds().age_seconds >= lag.age_seconds
    assert figure("loop_lag_last_seconds") == 0.02
    assert grown("loop_lag_seconds_count") == 1


def test_the_process_itself_is_told_of():
    assert samples()["process_resident_memory_bytes", frozenset()] > 0


# What the loop's clock tells itself is a number, and what is read is not counted.
SURE = {"loop_lagged", "lag_seconds"}
CALLS = {
    name: call
    for name, call in vars(metrics).items()
    if inspect.isfunction(call)
    and call.__module__ == metrics.__name__
    and not name.startswith("_")
    and name not in SURE
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_nonsense_harms_nobody(call):
    call("nonsense", "and", "more", "of", "it", "than", "fits")
    call(object())


def test_it_was_asked_of_every_call():
    assert {"reply_ended", "frame_sent", "saved", "socket_opened"} <= CALLS.keys()


def test_what_cannot_be_counted_is_said_once(caplog, monkeypatch):
    monkeypatch.setattr(metrics, "_has_complained", False)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            metrics.frame_sent("much")
    assert [record.levelname for record in caplog.records] == ["ERROR"]


# ── many processes ────────────────────────────────────────────────────────────────
SETUP = "import django; django.setup(); from conversations import metrics; "


class Process:
    """One of the site's processes, which counts what it is told to."""

    def __init__(self, folder, code):
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"{SETUP}{code}"],
            cwd=ROOT,
            env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def line(self):
        return self._process.stdout.readline()

    def kill(self):
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()

    def said(self):
        return self._process.communicate(timeout=PATIENCE_SECONDS)[0]


COUNT = """
metrics.frame_sent(100)
for _ in range({0}): metrics.socket_opened()
metrics.replies_running({0})
metrics.loop_lagged({0} / 10)
print("counted", flush=True); input()
"""
TELL = """
from conversations.metrics import exposition
from conversations.metrics.exposition import expose
from conversations.metrics.instruments import Instruments, instruments
print(expose()[0].decode())
"""


@pytest.fixture
def together(tmp_path):
    """Start processes that count into one folder, and end them."""
    started = []

    def start(sockets):
        process = Process(tmp_path, COUNT.format(sockets))
        started.append(process)
        assert process.line() == "counted\n"
        return process

    yield start
    for process in started:
        process.kill()


def test_any_process_tells_the_figures_of_all(together, tmp_path):
    together(2)
    together(3)
    told = Process(tmp_path, TELL).said()
    assert figure("sockets_open", told) == 5
    assert figure("replies_running", told) == 5
    assert figure("frames_sent_total", told) == 2
    assert figure("loop_lag_last_seconds", told) == 0.3


def test_a_killed_process_leaves_its_totals_and_nothing_open(together, tmp_path):
    together(2)
    together(3).kill()
    told = Process(tmp_path, TELL).said()
    assert figure("sockets_open", told) == 2
    assert figure("replies_running", told) == 2
    assert figure("loop_lag_last_seconds", told) == 0.2
    assert figure("frames_sent_total", told) == 2


def test_a_folder_that_is_not_there_harms_nobody(tmp_path):
    code = """
for _ in range(3): metrics.frame_sent(100)
metrics.loop_lagged(0.5)
import json; print(json.dumps(metrics.lag_seconds()[0]))
"""
    *log, last = Process(tmp_path / "not-there", code).said().splitlines()
    assert json.loads(last) == 0.5
    assert len(log) == 1
    assert "Metrics are not kept" in log[0]


def test_nothing_is_loaded_before_it_is_counted(tmp_path):
    """Other commands than the server need no counters, nor leave files behind."""
    code = "import sys; print('prometheus_client' in sys.modules)"
    assert Process(tmp_path, code).said() == "False\n"
    assert list(tmp_path.iterdir()) == []
