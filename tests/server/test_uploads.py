"""Large files: let in by their key, one or two at a time, beside all other requests."""

import pytest
from django.urls import reverse

from conversations.models import User
from conversations.server import uploads
from conversations.transfer.uploads import make_key
from tests.server.conftest import read_all, request

ADDRESS, OTHERS = (f"/transfers/import/?key={make_key(User(pk=pk))}" for pk in (7, 8))
LIMITS = {"HTTP_MAX_BODY_BYTES": "1000", "TRANSFER_MAX_BYTES": "2000000"}


def test_the_address_is_that_of_the_page():
    assert reverse("conversations:transfer_create").encode() == uploads.PATH


@pytest.mark.parametrize(
    ("method", "address"),
    [
        (b"POST", b"/transfers/import/"),
        (b"POST", b"/transfers/import/?key="),
        (b"POST", b"/transfers/import/?key=\xff:a:b"),
        (b"POST", ADDRESS.replace("import", "export").encode()),
        (b"PUT", ADDRESS.encode()),
        (b"GET", ADDRESS.encode()),
    ],
    ids=["no key", "empty key", "made-up key", "another address", "PUT", "GET"],
)
def test_whatever_else_is_no_upload(method, address):
    assert uploads.owner_of(method, address) is None


def test_a_key_says_whose_file_it_is():
    assert uploads.owner_of(b"POST", ADDRESS.encode()) == 7


def test_a_file_has_its_own_limit(served):
    site = served(**LIMITS)
    assert site.ask(ADDRESS, "POST", bytes(1_000_000)).startswith("HTTP/1.1 200 ")
    assert site.ask(ADDRESS, "POST", bytes(3_000_000)).startswith("HTTP/1.1 413 ")


def test_nobody_sends_many_at_once(served):
    site = served(**LIMITS)
    on_their_way = [site.connect() for _ in range(uploads.MOST_AT_ONCE)]
    whole = request(ADDRESS, "POST", bytes(100_000))
    for connection in on_their_way:
        connection.sendall(whole[:50_000])
    refused = ""
    while "429" not in refused:  # until those two have been seen
        refused = site.ask(ADDRESS, "POST", bytes(10))
    assert site.ask(OTHERS, "POST", bytes(10)).startswith("HTTP/1.1 200 ")
    for connection in on_their_way:
        connection.sendall(whole[50_000:])
        assert read_all(connection).startswith("HTTP/1.1 200 ")
        connection.close()
    assert site.ask(ADDRESS, "POST", bytes(10)).startswith("HTTP/1.1 200 ")


def test_who_leaves_in_the_middle_does_not_count_any_more(served):
    site = served(**LIMITS)
    for _ in range(uploads.MOST_AT_ONCE):
        with site.connect() as connection:
            connection.sendall(request(ADDRESS, "POST", bytes(100_000))[:50_000])
    found = ""
    while " 200 " not in found:
        found = site.ask(ADDRESS, "POST", bytes(10))
