"""Every setting of the site, read once from the environment or `.env`.

Each variable read here has its line in `.env.example`; a test proves it.
"""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from . import headers, reading, sharing
from .accounts import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent

env = reading.Env()
ENV_FILE = env.path("ENV_FILE", default=str(BASE_DIR / ".env"))()
reading.Env.read_env(ENV_FILE)

# ── the site ──────────────────────────────────────────────────────────────────────
if not (SECRET_KEY := env("SECRET_KEY")):
    raise ImproperlyConfigured(
        "SECRET_KEY is empty: it takes 50 signs, made at random."
    )
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
HOST = env("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
SITE_NAME = env("SITE_NAME", default="chatsite")
SITE_URL = env("SITE_URL", default="").rstrip("/") or f"http://{HOST}:{PORT}"
SIGN_UP_OPEN = env.bool("SIGN_UP_OPEN", default=True)
DATA_DIR = Path(env("DATA_DIR", default="") or BASE_DIR / "var")
try:  # whichever command is the first finds it there, readable by the site alone
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"DATA_DIR cannot be made: {error}") from None

_site = reading.site(SITE_URL)
_is_https = _site.scheme == "https"
_loopback = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site.hostname, *_loopback])
ALLOWED_HOSTS_ARE_SET = "ALLOWED_HOSTS" in env.ENVIRON
# The socket accepts pages of these origins only, whatever ALLOWED_HOSTS says.
SITE_ORIGINS = [
    f"{_site.scheme}://{_site.netloc}",
    *(f"http://{name}:{PORT}" for name in _loopback),
]
CSRF_TRUSTED_ORIGINS = SITE_ORIGINS
CSRF_FAILURE_VIEW = "conversations.views.errors.csrf_failure"

INSTALLED_APPS = [
    "allauth.usersessions",
    "allauth.mfa",
    "allauth.socialaccount",
    "conversations",
    "conversations.apps.ChatsiteAdminConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "allauth",
    "allauth.account",
    "csp",
]
MIDDLEWARE = [
    "conversations.middleware.RequestIdMiddleware",
    "conversations.middleware.ResponseHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "conversations.middleware.ProbeMiddleware",
    "conversations.staticfiles.StaticFilesMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "conversations.middleware.NulMiddleware",
    "conversations.middleware.HugeNumberMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "conversations.middleware.LoginRequiredMiddleware",
    "conversations.middleware.LocaleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "conversations.middleware.NoPageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "conversations.middleware.SecondFactorMiddleware",
    "conversations.middleware.TermsMiddleware",
]
ROOT_URLCONF = "chatsite.urls"
ASGI_APPLICATION = "chatsite.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "conversations.context_processors.site",
            ],
        },
    }
]

# ── the database ──────────────────────────────────────────────────────────────────
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": env.db_url(
        "DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'chatsite.sqlite3'}"
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers queue for the lock instead of failing, readers never wait for them.
    DATABASES["default"] |= {
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;"
                "PRAGMA synchronous=NORMAL;"
                "PRAGMA cache_size=-16000;"
                "PRAGMA mmap_size=268435456;"
            ),
        },
    }
else:
    DATABASES["default"] |= sharing.pooled(DATABASES["default"])
# Threads of each kind of work that wait for it; on SQLite they would wait in line.
DATABASE_THREADS = 1 if DATABASES["default"]["ENGINE"].endswith("sqlite3") else 4

# ── many processes ────────────────────────────────────────────────────────────────
PROCESSES = env.int("PROCESSES", default=1)
REDIS_URL = reading.redis(env("REDIS_URL", default=""))
CHANNEL_LAYERS = sharing.channel_layers(REDIS_URL, f"chatsite.{_site.netloc}")
CACHES = sharing.caches(REDIS_URL, f"chatsite.{_site.netloc}")

# ── accounts ──────────────────────────────────────────────────────────────────────
# Behind a proxy every visitor has its address, and would share one limit on sign-ins.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
_provider = {
    "name": env("OIDC_NAME", default=""),
    "url": env("OIDC_URL", default=""),
    "client_id": env("OIDC_CLIENT_ID", default=""),
    "client_secret": env("OIDC_CLIENT_SECRET", default=""),
    "scopes": env("OIDC_SCOPES", default="openid profile email"),
    "groups_claim": env("OIDC_GROUPS_CLAIM", default=""),
    "groups": env.list("OIDC_GROUPS", default=[]),
}
OIDC_PROVIDERS = [_provider] if _provider["url"] else []
OIDC_PROVIDERS += env.json("OIDC_MORE_PROVIDERS", default=[])
# The first administrator, made unattended; otherwise the server prints a link.
DJANGO_SUPERUSER_USERNAME = env("DJANGO_SUPERUSER_USERNAME", default="admin")
DJANGO_SUPERUSER_EMAIL = env("DJANGO_SUPERUSER_EMAIL", default="")
DJANGO_SUPERUSER_PASSWORD = env("DJANGO_SUPERUSER_PASSWORD", default="")

# ── mail: without a server, it is written to the log of the process ───────────────
_mail = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(_mail)
MAIL_IS_SET_UP = not _mail["EMAIL_BACKEND"].endswith(
    ("console.EmailBackend", "dummy.EmailBackend")
)
EMAIL_TIMEOUT = 10  # whoever asked for a mail waits for it
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"chatsite@{_site.hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# ── languages and time ────────────────────────────────────────────────────────────
LANGUAGE_CODE = env("LANGUAGE_CODE", default="en")
LANGUAGES = [
    ("en", "English"),
    ("id", "Bahasa Indonesia"),
    ("zh-hans", "简体中文"),
    ("zh-hant", "繁體中文"),
    ("ko", "한국어"),
]
FORMAT_MODULE_PATH = ["conversations.formats"]
TIME_ZONE = reading.time_zone(env("TIME_ZONE", default="UTC"))
USE_TZ = True
# In front of amounts of money: the currency of the providers' prices.
CURRENCY = env("CURRENCY", default="USD")

# ── files ─────────────────────────────────────────────────────────────────────────
STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default="") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700  # nobody but the site hands them out
BACKUP_DIR = Path(env("BACKUP_DIR", default="") or DATA_DIR / "backups")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "conversations.staticfiles.SiteStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# ── security ──────────────────────────────────────────────────────────────────────
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _is_https
# With this prefix a browser takes them from this very host only, and over HTTPS: no
# other host of the same domain can plant one.
_host_only = "__Host-" if _is_https else ""
SESSION_COOKIE_NAME = f"{_host_only}sessionid"
CSRF_COOKIE_NAME = f"{_host_only}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_host_only}django_language"
# Our scripts take the token from the form they send.
CSRF_COOKIE_HTTPONLY = True
SESSION_ENGINE = "conversations.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_SSL_REDIRECT = _is_https
SECURE_REDIRECT_EXEMPT = [r"^health(/|$)", r"^metrics/?$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _is_https else None
SECURE_HSTS_SECONDS = headers.HSTS_SECONDS if _is_https else 0
HSTS_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=True)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _is_https and HSTS_SUBDOMAINS
# Who leaves the subdomains alone has chosen so.
SILENCED_SYSTEM_CHECKS = [] if HSTS_SUBDOMAINS else ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = headers.EVERYWHERE["Referrer-Policy"]
X_FRAME_OPTIONS = headers.EVERYWHERE["X-Frame-Options"]
CONTENT_SECURITY_POLICY = {"DIRECTIVES": headers.PAGE_POLICY}
RESPONSE_HEADERS = headers.EVERYWHERE | (
    headers.over_https(with_subdomains=HSTS_SUBDOMAINS) if _is_https else {}
)

# ── the model provider ────────────────────────────────────────────────────────────
OPENAI_API_KEY = env("OPENAI_API_KEY", default="")
OPENAI_BASE_URL = env("OPENAI_BASE_URL", default="")
OPENAI_MODEL = env("OPENAI_MODEL", default="") or "gpt-4o-mini"
OPENAI_CONNECT_TIMEOUT_SECONDS = env.float("OPENAI_CONNECT_TIMEOUT_SECONDS", default=10)
OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS = env.float(
    "OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS", default=60
)
OPENAI_GAP_TIMEOUT_SECONDS = env.float("OPENAI_GAP_TIMEOUT_SECONDS", default=60)
OPENAI_TOTAL_TIMEOUT_SECONDS = env.float("OPENAI_TOTAL_TIMEOUT_SECONDS", default=1800)
OPENAI_MAX_LINE_BYTES = env.int("OPENAI_MAX_LINE_BYTES", default=1024**2)
OPENAI_MAX_BODY_BYTES = env.int("OPENAI_MAX_BODY_BYTES", default=16 * 1024**2)
OPENAI_MAX_TEXT_BYTES = env.int("OPENAI_MAX_TEXT_BYTES", default=4 * 1024**2)
OPENAI_MAX_RETRIES = env.int("OPENAI_MAX_RETRIES", default=2)
OPENAI_MAX_RETRY_AFTER_SECONDS = env.float("OPENAI_MAX_RETRY_AFTER_SECONDS", default=20)
OPENAI_MAX_CONNECTIONS = env.int("OPENAI_MAX_CONNECTIONS", default=1000)
OPENAI_CONTEXT_WINDOW_TOKENS = env.int("OPENAI_CONTEXT_WINDOW_TOKENS", default=128_000)

# ── replies ───────────────────────────────────────────────────────────────────────
GENERATION_FRAME_SECONDS = env.float("GENERATION_FRAME_SECONDS", default=0.05)
GENERATION_SAVE_SECONDS = env.float("GENERATION_SAVE_SECONDS", default=1)
GENERATION_STALE_SECONDS = env.float("GENERATION_STALE_SECONDS", default=5)
GENERATION_SWEEP_SECONDS = env.float("GENERATION_SWEEP_SECONDS", default=1)
SHUTDOWN_GRACE_SECONDS = env.float("SHUTDOWN_GRACE_SECONDS", default=24)

# ── conversations ─────────────────────────────────────────────────────────────────
CHAT_MAX_MESSAGE_CHARACTERS = env.int("CHAT_MAX_MESSAGE_CHARACTERS", default=100_000)
CHAT_MESSAGES_PER_PAGE = env.int("CHAT_MESSAGES_PER_PAGE", default=30)
CHAT_CONVERSATIONS_PER_PAGE = env.int("CHAT_CONVERSATIONS_PER_PAGE", default=50)
CHAT_UNACKNOWLEDGED_BYTES = env.int("CHAT_UNACKNOWLEDGED_BYTES", default=65_536)
CHAT_ACKNOWLEDGE_SECONDS = env.float("CHAT_ACKNOWLEDGE_SECONDS", default=30)
CHAT_MAX_OPEN_REPLIES = env.int("CHAT_MAX_OPEN_REPLIES", default=10)
# What one person may do; administrators may set it otherwise for a group.
LIMIT_MESSAGES_PER_MINUTE = env.int("LIMIT_MESSAGES_PER_MINUTE", default=60)
LIMIT_SEARCHES_PER_MINUTE = env.int("LIMIT_SEARCHES_PER_MINUTE", default=600)
LIMIT_UPLOADS_PER_HOUR = env.int("LIMIT_UPLOADS_PER_HOUR", default=60)
LIMIT_IMPORTS_PER_DAY = env.int("LIMIT_IMPORTS_PER_DAY", default=50)
LIMIT_EXPORTS_PER_DAY = env.int("LIMIT_EXPORTS_PER_DAY", default=20)
LIMIT_SOCKETS = env.int("LIMIT_SOCKETS", default=100)
# Whom a link to a conversation may let in, at most.
SHARING = env.str("SHARING", default="anyone", choices=("anyone", "signed_in", "off"))
CHAT_BIN_DAYS = env.float("CHAT_BIN_DAYS", default=30)
CHAT_TEMPORARY_HOURS = env.float("CHAT_TEMPORARY_HOURS", default=24)

# A character takes 12 bytes at most: escaped in JSON, or in an address or a form.
WEBSOCKET_MAX_MESSAGE_BYTES = 12 * CHAT_MAX_MESSAGE_CHARACTERS + 65_536
DATA_UPLOAD_MAX_MEMORY_SIZE = WEBSOCKET_MAX_MESSAGE_BYTES
HTTP_MAX_BODY_BYTES = env.int("HTTP_MAX_BODY_BYTES", default=32 * 1024**2)
WEBSOCKET_COMPRESSION = env.bool("WEBSOCKET_COMPRESSION", default=False)

# ── conversations on their way in and out ─────────────────────────────────────────
TRANSFER_MAX_BYTES = env.int("TRANSFER_MAX_BYTES", default=600 * 1024**2)
TRANSFER_MAX_UNPACKED_BYTES = env.int("TRANSFER_MAX_UNPACKED_BYTES", 4096 * 1024**2)
TRANSFER_KEEP_DAYS = env.float("TRANSFER_KEEP_DAYS", default=7)
TRANSFER_STALE_SECONDS = env.float("TRANSFER_STALE_SECONDS", default=30)

# ── metrics ───────────────────────────────────────────────────────────────────────
METRICS_TOKEN = env("METRICS_TOKEN", default="")
# The library that counts reads this variable itself, as it is imported.
PROMETHEUS_MULTIPROC_DIR = env("PROMETHEUS_MULTIPROC_DIR", default="")

# ── the log: one line an event, on standard error ─────────────────────────────────
LOGGING_CONFIG = "conversations.logs.configure"
LOGGING = {
    "level": env("LOG_LEVEL", default="INFO"),
    "format": env.str("LOG_FORMAT", default="line", choices=("line", "json")),
}
