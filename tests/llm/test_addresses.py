"""Where a cloud tells its machines their secrets, nobody is asked anything."""

import socket

import pytest

from conversations import llm
from conversations.llm import addresses

from .asking import ask

SECRETS = [
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "169.254.43518",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::a9fe:a9fe]",
    "[::a9fe:a9fe]",
    "[2002:a9fe:a9fe::1]",
    "[fe80::1%25eth0]",
    "[fd00:ec2::254]",
    "100.100.100.200",
    "168.63.129.16",
]


@pytest.mark.parametrize("host", SECRETS)
def test_a_cloud_s_own_addresses_are_known_in_any_spelling(host):
    assert llm.is_forbidden(host)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.0.0.8", "192.168.1.2", "[::1]", "localhost", "api.example", ""],
)
def test_a_model_may_be_in_the_house(host):
    assert not llm.is_forbidden(host)


async def test_no_name_leads_there(provider, monkeypatch):
    """What the name means is looked at where it is connected to."""
    place = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", provider.port))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **how: [place])
    endpoint = llm.Endpoint(f"http://inside.example:{provider.port}/v1", "scripted-key")
    assert (await ask(provider, endpoint=endpoint)).outcome == "stop"
    await llm.aclose()
    loopback = addresses.ip_network("127.0.0.0/8")
    monkeypatch.setattr(addresses, "FORBIDDEN", [loopback])
    assert (await ask(provider, endpoint=endpoint)).outcome == "unreachable"
    assert len(provider.requests) == 1
