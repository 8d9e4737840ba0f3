"""WebSockets: a real handshake at each address, and none for foreign pages."""

from django.conf import settings
from django.utils.translation import gettext as _

from conversations import reachability

from .asking import (
    FAILURES,
    SWITCHING_PROTOCOLS,
    handshake,
    own_address,
    site_origin,
)
from .findings import ok, warning, wrong

ELSEWHERE = "https://elsewhere.invalid"
FORBIDDEN = 403


def own_port():
    """Without any proxy between."""
    address = own_address()
    if address == site_origin():
        return []
    return _opens(address, _nothing_listens(address))


def site_url():
    """The way visitors come: through whatever stands before the site."""
    address = site_origin()
    if address == own_address():
        return _opens(address, _nothing_listens(address))
    facts = {"address": address}
    return _opens(
        address,
        warning(
            _("%(address)s cannot be reached from this machine.") % facts,
            _(
                "Where visitors reach it, all is well: some networks do not lead "
                "back. Otherwise check its name, its proxy, its certificate."
            ),
        ),
    )


def foreign_origin():
    """A page of another site may not open a socket with its visitor's cookies."""
    try:
        status = handshake(own_address(), ELSEWHERE)
    except FAILURES:
        return []  # own_port has said so
    if status == FORBIDDEN:
        return ok(_("Pages of other sites get no socket."))
    return wrong(
        _("A page of another site was answered with HTTP %(status)d, not 403.")
        % {"status": status},
        _("Leave SITE_ORIGINS as SITE_URL makes it, and serve with manage.py serve."),
    )


def missed():
    if not reachability.are_missed():
        return ok(_("No page had to do without a socket of late."))
    return warning(
        _("Pages had to ask by plain HTTP in the last ten minutes."),
        _passes_upgrade(),
    )


def _opens(address, unreachable):
    facts = {"address": address}
    try:
        status = handshake(address, site_origin())
    except FAILURES:
        return unreachable
    if status == SWITCHING_PROTOCOLS:
        return ok(_("A WebSocket opens at %(address)s.") % facts)
    return wrong(
        _("%(address)s answered a WebSocket handshake with HTTP %(status)d.")
        % (facts | {"status": status}),
        _passes_upgrade(),
    )


def _nothing_listens(address):
    facts = {"address": address, "port": settings.PORT}
    return warning(
        _("No WebSocket opens at %(address)s: the site does not listen there.") % facts,
        _(
            "Start it with manage.py serve. If it is served at another port, say so "
            "when you ask: PORT=8001 manage.py doctor"
        ),
    )


def _passes_upgrade():
    return _(
        "Have the proxy pass Upgrade and Connection, as the nginx in README.md does: "
        "proxy_set_header Upgrade $http_upgrade;"
    )
