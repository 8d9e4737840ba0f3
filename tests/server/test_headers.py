"""What the server answers by itself says what every answer of the site says."""

from email import message_from_string

from django.conf import settings

UPGRADE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: https://evil.example\r\n"
)
SITUATIONS = {
    "too large": ("413", "/hello", "POST", "Content-Length: 99999\r\n"),
    "no HTTP": ("400", "/\xff", "GET", "Connection: close\r\n"),
    "no query": ("400", "/?\xff", "GET", "Connection: close\r\n"),
    "no end of an address": ("414", f"/{'a' * 20_000}", "GET", "Connection: close\r\n"),
    "no end of a header": ("431", "/hello", "GET", f"Cookie: {'a' * 20_000}\r\n"),
    "no end of headers": ("431", "/hello", "GET", f"Cookie: {'a' * 9000}\r\n" * 2),
    "no answer": ("503", "/hang", "GET", "Connection: close\r\n"),
    "refused socket": ("403", "/refuse", "GET", UPGRADE),
    "no socket": ("400", "/hello", "GET", UPGRADE.replace("13", "1")),
}


def test_errors_of_the_server_carry_the_headers(served, subtests):
    site = served(http_timeout=1, HTTP_MAX_BODY_BYTES="1000")
    for name, (status, path, method, headers) in SITUATIONS.items():
        with subtests.test(name):
            line, _, rest = site.ask(path, method, headers=headers).partition("\r\n")
            assert line.split()[1] == status
            said = message_from_string(rest)
            for header, value in settings.RESPONSE_HEADERS.items():
                assert said.get_all(header) == [value], header


def test_nobody_who_asks_says_under_which_path_the_site_lies(served):
    headers = "Daphne-Root-Path: /elsewhere\r\nConnection: close\r\n"
    assert "at ''" in served().ask("/place", headers=headers)
