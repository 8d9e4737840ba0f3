from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def is_safe(url):
    """Whether secrets may be sent there: https, or this very machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except (TypeError, ValueError, AttributeError):
        return False
    if not host or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)


def is_here(url):
    """Whether a safe `url` is on this very machine."""
    return urlsplit(url).hostname in LOOPBACK
