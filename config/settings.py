"""All settings of Redress, read from the environment; nonsense is refused at start-up.

docs/operating.md lists the variables. Everything a procedure sets (days, weights, deadlines)
is policy in the database, not a setting.
"""

import os
import secrets
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name: str, default: bool = False) -> bool:
    """Read a yes/no variable; anything else than 0/1/true/false/yes/no is refused."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "0", "false", "no"}:
        return default if value == "" else False
    if value in {"1", "true", "yes"}:
        return True
    raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}")


def env_int(name: str, default: int, *, least: int, most: int) -> int:
    """Read a whole number within bounds."""
    text = os.environ.get(name, "").strip() or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise ImproperlyConfigured(f"{name} must be a number from {least} to {most}, not {text!r}")
    return int(text)


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


# ---------------------------------------------------------------------------- mode and secrets
DEMO = env_bool("REDRESS_DEMO")
DEBUG = env_bool("REDRESS_DEBUG")
# Files that only this installation has: the SQLite database, attachments, the demo's secret.
DATA_DIR = Path(os.environ.get("REDRESS_DATA_DIR") or BASE_DIR / "var")
DATA_DIR.mkdir(parents=True, exist_ok=True)


def local_secret() -> str:
    """A secret made once for an installation that names none, readable by its owner only."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


SECRET_KEY = os.environ.get("REDRESS_SECRET_KEY") or local_secret()
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("REDRESS_SECRET_KEY must have at least 32 characters")
ALLOWED_HOSTS = env_list("REDRESS_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
if DEMO:
    # A demo is looked at from whatever name the machine has on the desk beside it.
    ALLOWED_HOSTS = ["*"]
PORT = env_int("PORT", 8000, least=1, most=65535)
SITE_URL = os.environ.get("REDRESS_SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# ---------------------------------------------------------------------------- applications
INSTALLED_APPS = [
    "config.apps.RedressConfig",
    "surveys",
    "cases",
    "workflows",
    "accounts",
    # Only the engine part: the app "viewflow" brings middleware, templates and 49 MB of assets.
    "viewflow.workflow",
    "simple_history",
    "django_htmx",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every page asks for a sign-in unless its view says login_not_required.
    "accounts.web.middleware.SignedInMiddleware",
    "accounts.web.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "workflows.web.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "workflows.templatetags.ui"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader"],
                )
            ],
        },
    }
]

# ---------------------------------------------------------------------------- database
# How long a request waits for a colleague's transaction before it answers 503.
LOCK_TIMEOUT_MS = env_int("REDRESS_LOCK_TIMEOUT_MS", 5000, least=100, most=60000)
DATABASE_URL = os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'redress.sqlite3'}"
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
_engine = DATABASES["default"]["ENGINE"]
if _engine.endswith("sqlite3"):
    # IMMEDIATE takes the one write lock at BEGIN, which is what serialises two people on a case.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": max(LOCK_TIMEOUT_MS / 1000, 20),
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
            "PRAGMA cache_size=-20000; PRAGMA mmap_size=134217728; PRAGMA foreign_keys=ON;"
        ),
    }
elif _engine.endswith("postgresql"):
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),
        "options": f"-c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout=30000"
        " -c idle_in_transaction_session_timeout=60000",
    }
    if env_bool("REDRESS_DB_POOL"):
        DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 8}
    else:
        DATABASES["default"]["CONN_MAX_AGE"] = 60
else:
    raise ImproperlyConfigured("DATABASE_URL must be sqlite:// or postgres://")

# ---------------------------------------------------------------------------- people
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "workflows:inbox"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# A link to choose a password works for a day, and once.
PASSWORD_RESET_TIMEOUT = 24 * 3600
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-redress" if HTTPS else "redress"

# ---------------------------------------------------------------------------- language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("REDRESS_TIME_ZONE", "Asia/Shanghai")

# ---------------------------------------------------------------------------- files
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = DATA_DIR / "files"
ATTACHMENT_MAX_MB = env_int("REDRESS_ATTACHMENT_MAX_MB", 25, least=1, most=1024)
ATTACHMENTS_PER_CASE = env_int("REDRESS_ATTACHMENTS_PER_CASE", 200, least=1, most=10000)
# A .docx whose styles, header and footer Word documents take (docs/operating.md).
WORD_TEMPLATE = os.environ.get("REDRESS_WORD_TEMPLATE", "").strip()
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# ---------------------------------------------------------------------------- security headers
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS and env_bool("REDRESS_SSL_REDIRECT", default=False)
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
BEHIND_PROXY = env_bool("REDRESS_BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        # Tabler and the BPMN viewer draw with data: images; nothing comes from elsewhere.
        "img-src": ["'self'", "data:", "blob:"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
    }
}

# ---------------------------------------------------------------------------- history
SIMPLE_HISTORY_REVERT_DISABLED = True
SIMPLE_HISTORY_DATE_INDEX = "Composite"

# ---------------------------------------------------------------------------- e-mail
# Left at localhost nothing is mailed: invitations are handed out as a file of links instead.
EMAIL_HOST = os.environ.get("REDRESS_EMAIL_HOST", "localhost")
EMAIL_PORT = env_int("REDRESS_EMAIL_PORT", 587, least=1, most=65535)
EMAIL_HOST_USER = os.environ.get("REDRESS_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("REDRESS_EMAIL_PASSWORD", "")
# TLS from the first byte (port 465) instead of STARTTLS.
EMAIL_USE_SSL = env_bool("REDRESS_EMAIL_SSL")
EMAIL_USE_TLS = env_bool("REDRESS_EMAIL_TLS", default=not EMAIL_USE_SSL)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("REDRESS_EMAIL_FROM", "redress@localhost")

# ---------------------------------------------------------------------------- outgoing requests
# Host names and networks inside the house that messages may be sent to, over http and any port.
OUTBOUND_ALLOW = env_list("REDRESS_OUTBOUND_ALLOW")

# ---------------------------------------------------------------------------- background work
CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "redis://127.0.0.1:6379/0")
# After so long without a word the one who carries an effect out is taken for lost.
CLAIM_SECONDS = env_int("REDRESS_CLAIM_SECONDS", 60, least=5, most=600)
TICK_SECONDS = env_int("REDRESS_TICK_SECONDS", 1, least=1, most=60)

# ---------------------------------------------------------------------------- logging
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("REDRESS_LOG_LEVEL", "INFO")},
    "loggers": {
        # One line of every answered request belongs to the web server in front.
        "waitress.queue": {"level": "ERROR"},
        "django_fsm": {"level": "ERROR"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
