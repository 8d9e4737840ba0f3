"""Whether mail leaves: spoken to, not written to."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from conversations.oidc.addresses import LOOPBACK

from .findings import ok, warning, wrong

PATIENCE_SECONDS = 5
SMTP = "django.core.mail.backends.smtp.EmailBackend"
# They write it to the log, to a file, or nowhere.
PRETENDING = ("console", "dummy", "filebased", "locmem")


def server():
    """Connect, say EHLO, encrypt and sign in, as for a mail."""
    if settings.EMAIL_BACKEND.split(".")[-2] in PRETENDING:
        return warning(
            _("Mail leaves for nobody: it is only written down here."),
            _(
                "Write EMAIL_URL=smtp+tls://user:password@mail.example.org:587 into "
                ".env; without it, people who forget their password ask you."
            ),
        )
    facts = {"host": settings.EMAIL_HOST, "port": settings.EMAIL_PORT}
    connection = _connection()
    try:
        connection.open()
        if spoken := getattr(connection, "connection", None):
            spoken.ehlo_or_helo_if_needed()
    except OSError as error:  # smtplib's are among them
        return wrong(
            _("The mail server %(host)s:%(port)d does not take us: %(error)s")
            % (facts | {"error": _told(error)}),
            _("Check EMAIL_URL in .env: host, port, smtp+tls or smtp+ssl, password."),
        )
    finally:
        connection.close()
    return _encryption(facts)


def _encryption(facts):
    if settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL:
        return ok(_("The mail server %(host)s:%(port)d takes us, encrypted.") % facts)
    if settings.EMAIL_HOST in LOOPBACK:
        return ok(_("The mail server on this machine takes us.") % facts)
    return warning(
        _("The mail server %(host)s:%(port)d takes us, unencrypted.") % facts,
        _("Write smtp+tls:// (port 587) or smtp+ssl:// (port 465) into EMAIL_URL."),
    )


def sender():
    address = settings.DEFAULT_FROM_EMAIL
    domain = address.rpartition("@")[2].strip(">")
    if "." in domain and domain not in LOOPBACK:
        return ok(_("Mail comes from %(address)s.") % {"address": address})
    if urlsplit(settings.SITE_URL).hostname in LOOPBACK:
        return []  # a site for this machine alone
    return warning(
        _("Mail comes from %(address)s, which is no address elsewhere.")
        % {"address": address},
        _("Write DEFAULT_FROM_EMAIL=chat@example.org into .env."),
    )


def send(address):
    """Send one mail to `address`, for who wants to see it arrive."""
    facts = {"address": address}
    body = _("Mail of %(site)s arrives.") % {"site": settings.SITE_URL}
    mail = EmailMessage(
        _("A mail to try it"), body, to=[address], connection=_connection()
    )
    try:
        mail.send()
    except OSError as error:
        return wrong(
            _("The mail to %(address)s was not taken: %(error)s")
            % (facts | {"error": _told(error)}),
            _("Check EMAIL_URL and DEFAULT_FROM_EMAIL in .env."),
        )
    return ok(
        _("A mail to %(address)s was handed over. Look whether it comes.") % facts
    )


def _connection():
    patience = {"timeout": PATIENCE_SECONDS} if settings.EMAIL_BACKEND == SMTP else {}
    return get_connection(**patience)


def _told(error):
    """Return what the server or the system said, in one line."""
    said = getattr(error, "smtp_error", None)
    said = said.decode(errors="replace") if isinstance(said, bytes) else said
    return " ".join(str(said or error or type(error).__name__).split())[:200]
