"""What the site tells browsers: what a page may do, and nothing more."""

from csp.constants import NONE, SELF

HSTS_SECONDS = 60 * 60 * 24 * 365

# The policy of our pages. What has no policy of its own may do nothing at all.
PAGE_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
    # Text becomes markup in one place of our script: static/js/lib/html.js.
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["chatsite"],
}
# Devices and powers that no page of ours uses, and no script in one is to have.
_POWERS = (
    "accelerometer autoplay browsing-topics camera display-capture encrypted-media "
    "gamepad geolocation gyroscope hid idle-detection local-fonts magnetometer "
    "microphone midi payment picture-in-picture screen-wake-lock serial usb "
    "window-management xr-spatial-tracking"
)
# On every answer, whoever gives it: a page, a file, a probe, an error of the server.
EVERYWHERE = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{power}=()" for power in _POWERS.split()),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def over_https(*, with_subdomains):
    """Return what is said beside, over HTTPS alone: that there is nothing else."""
    said = f"max-age={HSTS_SECONDS}"
    if with_subdomains:
        said += "; includeSubDomains; preload"
    return {"Strict-Transport-Security": said}
