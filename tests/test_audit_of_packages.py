"""Vulnerabilities of the packages are looked up, or it is said that they were not."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.audit import __main__ as audit
from tests.daemon import free_port


@contextmanager
def advisories(knows):
    """A service of advisories that knows those of Django 1.0, or none."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found = knows and asked == audit.VULNERABLE
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"vulns": [{}]} if found else {}).encode())

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()


@pytest.fixture
def looked_up(monkeypatch):
    """Keep what is run in the end; pip-audit itself is not tried here."""
    run = []
    monkeypatch.delenv("AUDIT", raising=False)
    monkeypatch.setattr(audit, "install", lambda: None)
    monkeypatch.setattr(
        audit, "run", lambda command: run.append(command) or len(run) + 6
    )
    return run


@pytest.mark.parametrize(("wanted", "code"), [("0", 0), ("1", 1)])
def test_where_nobody_answers_it_is_said(looked_up, monkeypatch, capfd, wanted, code):
    monkeypatch.setenv("OSV_URL", f"http://127.0.0.1:{free_port()}/")
    monkeypatch.setenv("AUDIT", wanted)
    assert audit.main() == code
    assert "NOT looked up" in capfd.readouterr().err
    assert not looked_up


def test_who_knows_of_nothing_is_not_believed(looked_up, monkeypatch, capfd):
    with advisories(knows=False) as url:
        monkeypatch.setenv("OSV_URL", url)
        assert audit.main() == 1
    assert url in capfd.readouterr().err
    assert not looked_up


def test_what_is_found_is_the_outcome(looked_up, monkeypatch):
    with advisories(knows=True) as url:
        monkeypatch.setenv("OSV_URL", url)
        assert audit.main() == 7
    assert url in looked_up[0]
    # What it cannot look up is not taken for safe.
    assert {"--strict", *audit.LOCKS} < {*looked_up[0]}
