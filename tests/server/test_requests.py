"""Requests: how large one may be, how long it may take, what is written about it."""

import re

from tests.server.conftest import request

LIMIT = {"HTTP_MAX_BODY_BYTES": "100000"}
CHUNKED = "Transfer-Encoding: chunked\r\n"


def test_request_is_one_line_in_the_log_with_its_id_and_without_its_query(served):
    site = served()
    site.ask("/hello?q=private+words")
    site.until(r"chatsite.access \[id-of-this\]: GET /hello 200 6 B \d+ ms\n")
    assert "private" not in site.log


def test_body_up_to_the_limit_arrives(served):
    site = served(**LIMIT)
    assert "took 100000" in site.ask("/hello", "POST", b"x" * 100_000)


def test_body_that_says_it_is_too_large_is_refused_before_it_comes(served):
    site = served(**LIMIT)
    headers = "Content-Length: 100001\r\nExpect: 100-continue\r\n"
    answer = site.ask("/hello", "POST", headers=headers)
    assert answer.startswith("HTTP/1.1 413 Content Too Large\r\n")
    assert "100000 bytes" in answer
    site.until("POST /hello 413")


def test_whoever_sends_on_regardless_still_hears_why(served):
    site = served(**LIMIT)
    answer = site.ask("/hello", "POST", b"x" * 5_000_000)
    assert answer.startswith("HTTP/1.1 413 ")


def test_body_in_chunks_is_refused_when_it_grows_too_large(served):
    site = served(**LIMIT)
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with site.connect() as connection:
        connection.sendall(request("/hello", "POST", headers=CHUNKED) + chunk)
        connection.sendall(chunk)
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_body_in_chunks_up_to_the_limit_arrives(served):
    site = served(**LIMIT)
    chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    with site.connect() as connection:
        connection.sendall(request("/hello", "POST", headers=CHUNKED) + chunk)
        connection.sendall(chunk + b"0\r\n\r\n")
        assert b"took 65536" in connection.recv(1000)


def test_application_that_does_not_answer_is_answered_for(served):
    site = served(http_timeout=1)
    answer = site.ask("/hang")
    assert answer.startswith("HTTP/1.1 503 ")
    site.until("GET /hang 503")


def test_answer_that_breaks_never_looks_complete_and_stops_nothing_else(served):
    site = served()
    answer = site.ask("/break", headers="")
    assert "half" in answer
    assert not answer.endswith("0\r\n\r\n")
    site.until("ValueError: broken on purpose")
    # Whoever clears away connections has survived it: the next is logged too.
    site.ask("/break", headers="")
    site.until(r"(?s)broken on purpose.*broken on purpose")


def test_client_that_leaves_is_a_line_too(served):
    site = served()
    with site.connect() as connection:
        connection.sendall(request("/slow"))
        site.until("slow begun")
    site.until("GET /slow 499")


def test_reader_that_takes_nothing_is_cut_off_and_costs_little(served):
    site = served(**{"server.room.STALLED_SECONDS": 1})
    with site.connect() as connection:
        connection.sendall(request("/pour"))
        site.until("GET /pour 499")
        sent = int(re.search(r"/pour 499 (\d+) B", site.log)[1])
    assert sent < 16_000_000  # what the kernel's buffers hold, and one piece
