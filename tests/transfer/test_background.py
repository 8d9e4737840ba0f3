"""Imports and exports of a real server: told how far, cancelled, killed, taken up."""

import contextlib
import fcntl
import io
import json
import re
import zipfile
from pathlib import Path

SOME = 10
# So many take some hundred milliseconds, in which the process is told to end.
MANY = 400


def zip_of(person, transfer):
    status, headers, body = person.ask(f"/transfers/{transfer['id']}/file/")
    assert status == 200
    assert headers["X-Content-Type-Options"] == "nosniff"
    return zipfile.ZipFile(io.BytesIO(body))


def is_done(transfer):
    return transfer["state"] == "done"


@contextlib.contextmanager
def export_held(alice, site):
    """Have an export begin; as long it is half made, and goes on afterwards."""
    begun = len(site.log)
    with open(Path(site.environment["DATA_DIR"]) / "held", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        alice.ask("/transfers/export/", b"")
        site.wait_logged("An export is half made", since=begun)
        [transfer, *_] = alice.transfers()
        assert transfer["state"] == "running"
        yield transfer


def files_of(site):
    folder = Path(site.environment["DATA_DIR"]) / "transfers"
    return {path.name for path in folder.iterdir()}


def test_everything_is_made_in_the_background_and_fetched(alice, database):
    conversation = database.add_conversation(
        alice.username, ("What is water?", "A drink.")
    )
    status, headers, _ = alice.ask("/transfers/export/", b"")
    assert (status, headers["Location"]) == (302, "/transfers/#transfers-title")
    made = zip_of(alice, alice.until(is_done))
    assert made.testzip() is None
    found = json.loads(made.read(f"json/{conversation}.json"))
    assert [m["text"] for m in found["messages"]] == ["What is water?", "A drink."]


def test_a_zip_is_fetched_as_it_is_and_not_compressed_again(alice):
    alice.ask("/transfers/export/", b"")
    transfer = alice.until(is_done)
    path = f"/transfers/{transfer['id']}/file/"
    _, headers, body = alice.ask(path, **{"Accept-Encoding": "gzip"})
    assert int(headers["Content-Length"]) == len(body)
    assert body.startswith(b"PK")


def test_nobody_else_fetches_it(alice, site, database):
    alice.ask("/transfers/export/", b"")
    transfer = alice.until(is_done)
    stranger = type(alice)(site, database, "bob")
    assert stranger.ask(f"/transfers/{transfer['id']}/file/")[0] == 404


def test_cancelled_it_stops_and_leaves_nothing(alice, site, database):
    database.add_chats(alice.username, SOME)
    with export_held(alice, site) as transfer:
        alice.ask(f"/transfers/{transfer['id']}/cancel/", b"")
        assert alice.transfers()[0]["state"] == "cancelled"
    # The next one begins once this one has stopped.
    alice.ask("/transfers/export/", b"")
    alice.until(is_done)
    assert not {name for name in files_of(site) if transfer["id"] in name}


def test_killed_in_the_middle_it_is_made_after_all(alice, site, database):
    database.add_chats(alice.username, SOME)
    with export_held(alice, site):
        site.kill()
    assert alice.transfers()[0]["state"] == "running"
    site.start()
    transfer = alice.until(is_done)
    assert transfer["attempts"] == 2
    made = zip_of(alice, transfer)
    assert made.testzip() is None
    assert len([n for n in made.namelist() if n.startswith("json/")]) == SOME


def test_a_deploy_in_the_middle_costs_nothing(alice, site, database):
    database.add_chats(alice.username, MANY)
    with export_held(alice, site):
        site.terminate()
    assert site.wait() == 0
    let_go = alice.transfers()[0]
    assert (let_go["state"], let_go["attempts"]) == ("queued", 0)
    site.start()
    assert len(zip_of(alice, alice.until(is_done)).namelist()) > MANY


def test_a_file_larger_than_any_request_comes_in_by_its_key(alice, site, database):
    words = b"PK" + bytes(4_000_000)  # HTTP_MAX_BODY_BYTES is a million
    assert alice.upload(words) == 302
    transfer = alice.transfers()[0]
    assert transfer["kind"] == "import"
    alice.until(lambda t: t["state"] == "failed")  # no ZIP; then its file goes
    alice.until(lambda t: database.stored_file(t["id"]) == ("", ""))


def test_without_its_key_it_is_refused_before_it_comes(alice):
    assert alice.upload(b"PK" + bytes(4_000_000), key="made-up") == 413
    assert alice.transfers() == []


def test_the_key_is_for_that_address_alone(alice, database):
    key = database.upload_key(alice.username)
    for path in ("/transfers/export/", "/transfers/import/x"):
        assert alice.ask(f"{path}?key={key}", bytes(2_000_000))[0] == 413


def test_large_files_do_not_fill_the_memory(alice, site):
    before = memory_mb(site)
    assert alice.upload(bytes(120_000_000)) == 302
    assert memory_mb(site) - before < 60


def memory_mb(site):
    status = Path(f"/proc/{site.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


def test_a_long_conversation_is_sent_as_it_is_made(alice, site, database):
    conversation = database.add_long_chat(alice.username, 300)
    for format in ("json", "html", "markdown", "text"):
        status, headers, body = alice.ask(f"/c/{conversation}/export/{format}/")
        assert status == 200
        assert headers["Transfer-Encoding"] == "chunked"
        assert body.decode().count("Question 299") == 1
