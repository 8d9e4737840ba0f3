"""How the server ends: nobody is left without an answer, or without a goodbye."""

import asyncio
import signal

from tests.server.conftest import read_all, request
from tests.server.test_sockets import HANDSHAKE, opened


def end(site):
    site.process.send_signal(signal.SIGTERM)


async def test_sockets_are_told_to_come_back(served):
    site = served()
    async with opened(site) as one, opened(site) as other:
        end(site)
        await one.receive()
        await other.receive()
        assert (one.close_code, other.close_code) == (1012, 1012)
    assert site.exit_code == 0
    assert "Traceback" not in site.log


async def test_socket_that_is_just_opening_is_told_too(served):
    site = served()
    opening = asyncio.create_task(open_and_wait(site, "/slow"))
    await asyncio.to_thread(site.until, "slow begun")
    await asyncio.to_thread(go_once_the_end_has_begun, site)
    assert await opening == 1012
    assert site.exit_code == 0


async def open_and_wait(site, path):
    async with opened(site, path) as socket:
        await socket.receive()
        return socket.close_code


def test_end_is_heard_while_threads_call_the_loop_a_lot(served):
    site = served()
    with site.connect() as asking:
        asking.sendall(request("/storm", headers=""))
        read_all(asking)
    assert site.exit_code == 0


def test_end_within_a_moment_of_many_handshakes(served):
    site = served()
    connections = [site.connect() for _ in range(50)]
    for connection in connections:
        connection.sendall(HANDSHAKE)
    end(site)
    for connection in connections:
        read_all(connection)
        connection.close()
    assert site.exit_code == 0
    assert "Traceback" not in site.log


def test_request_that_is_coming_in_is_answered(served):
    site = served()
    with site.connect() as idle, site.connect() as coming:
        idle.sendall(request("/hello", headers=""))
        idle.recv(1000)
        coming.sendall(
            request("/hello", "POST", headers="Content-Length: 4\r\n") + b"ha"
        )
        end(site)
        assert read_all(idle) == ""  # nothing was asked: closed as the end begins
        coming.sendall(b"lf")
        answer = read_all(coming)
    assert answer.startswith("HTTP/1.1 200 ")
    assert answer.endswith("took 4\r\n0\r\n\r\n")
    assert site.exit_code == 0


def test_request_that_is_being_answered_gets_its_answer(served):
    site = served()
    with site.connect() as slow:
        slow.sendall(request("/slow", headers=""))
        site.until("slow begun")
        go_once_the_end_has_begun(site)
        assert read_all(slow).endswith("took 0\r\n0\r\n\r\n")
    assert site.exit_code == 0


def go_once_the_end_has_begun(site):
    """Let what is slow go on. What was idle is closed as the end begins."""
    with site.connect() as idle, site.connect() as go:
        idle.sendall(request("/hello", headers=""))
        idle.recv(1000)
        go.sendall(request("/go", "POST", headers="Content-Length: 1\r\n"))
        end(site)
        assert read_all(idle) == ""
        go.sendall(b"x")
        assert "200 OK" in read_all(go)


def test_nothing_holds_up_the_end_for_ever(served):
    site = served(**{"server.CLOSING_SECONDS": 0.2})
    with site.connect() as hanging:
        hanging.sendall(request("/hang"))
        site.ask("/hello")
        end(site)
        assert site.exit_code == 0


def test_nobody_new_is_let_in(served):
    site = served()
    with site.connect() as idle, site.connect() as hanging:
        hanging.sendall(request("/hang"))
        idle.sendall(request("/hello", headers=""))
        idle.recv(1000)
        end(site)
        read_all(idle)
        try:
            site.connect().close()
        except ConnectionRefusedError:
            return
    raise AssertionError("a connection was taken after the end had begun")
