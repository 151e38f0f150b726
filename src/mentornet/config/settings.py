"""Django's settings, all from :mod:`mentornet.config.env`: no file of the program is edited on an installation."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from mentornet.config.env import read_settings, secret_key_of
from mentornet.config.mail import CONSOLE, mail_settings

INSTALLATION = read_settings()

SECRET_KEY = secret_key_of(INSTALLATION)
SECRET_KEY_FALLBACKS = list(INSTALLATION.former_secret_keys)
DEBUG = INSTALLATION.debug
DEMO = INSTALLATION.demo
ALLOWED_HOSTS = list(INSTALLATION.hosts)
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in INSTALLATION.hosts if host != "*"]

# Where the installation keeps what it was given; what is looked at before it is served (mentornet.common.safety).
DATA_FOLDER = INSTALLATION.data_folder
HTTPS = INSTALLATION.https

ROOT_URLCONF = "mentornet.config.urls"
WSGI_APPLICATION = "mentornet.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    "mentornet.common",
    "mentornet.audit",
    "mentornet.messaging",
    "mentornet.agenda",
    "mentornet.accounts",
    "mentornet.divisions",
    "mentornet.programmes",
    "mentornet.people",
    "mentornet.intake",
    "mentornet.partnerships",
    "mentornet.imports",
    "mentornet.surveys",
    "mentornet.learning",
    "mentornet.followup",
    "mentornet.sourcing",
    "mentornet.matching",
    "mentornet.privacy",
    "mentornet.backups",
    "mentornet.demo",
    "mentornet.web.ui",
    "mentornet.web.public",
    "mentornet.web.desk",
    "mentornet.web.portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mentornet.web.access.NoStoreMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "mentornet.web.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mentornet.web.sessions.SessionLimitsMiddleware",
    "mentornet.web.access.AccessMiddleware",
    "mentornet.web.watching.WatchMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "mentornet.web.ui.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# The database -------------------------------------------------------------------------------------------------------

_SQLITE_OPTIONS = {
    # IMMEDIATE takes the write lock at the start: a transaction that reads and then writes never fails half-way.
    "transaction_mode": "IMMEDIATE",
    # A large import or its undo holds the lock for seconds, on a busy machine for more: others wait rather than fail.
    "timeout": 60,
    # FULL: an acknowledged write survives a power cut.
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
        "PRAGMA temp_store=MEMORY;PRAGMA journal_size_limit=27103364;"
    ),
}


def _database(url: str) -> dict[str, Any]:
    database: dict[str, Any] = environ.Env.db_url_config(url)
    if database["ENGINE"].endswith("sqlite3"):
        return database | {"OPTIONS": _SQLITE_OPTIONS, "CONN_MAX_AGE": 600}
    return database | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


DATABASES = {"default": _database(INSTALLATION.database_url)}
# The same database by the role that owns it, where another one serves: mentornet.config.two_roles.
OWNER_DATABASE = _database(INSTALLATION.owner_database_url) if INSTALLATION.owner_database_url else None
# Rate limits must hold over all processes, so they are counted in the database.
CACHES = {
    "default": {
        "BACKEND": "mentornet.common.cache.SoonestFirstCache",
        "LOCATION": "common_cache",
        # Above this those are thrown out that expire soonest, counts of tries too. Whoever tries is counted by her
        # address of the network first, so that nobody makes room by trying elsewhere.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

TASKS = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"], "ENQUEUE_ON_COMMIT": False},
}

# Language and time --------------------------------------------------------------------------------------------------

LANGUAGE_CODE = INSTALLATION.language
# Everything that participants read is in all of these; the desk, and how staff sign in, in the first two.
LANGUAGES = [
    (code, name)
    for code, name in (
        ("da", _("Danish")),
        ("en", _("English")),
        ("ar", _("Arabic")),
        ("fa", _("Persian")),
        ("uk", _("Ukrainian")),
    )
    if code in INSTALLATION.languages
]
DESK_LANGUAGES = ["da", "en"]
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
FORMAT_MODULE_PATH = "mentornet.config.formats"
USE_TZ = True
TIME_ZONE = INSTALLATION.time_zone

# Files --------------------------------------------------------------------------------------------------------------

mimetypes.add_type("font/woff2", ".woff2")
STATIC_URL = "static/"
STATIC_ROOT = INSTALLATION.data_folder / "static"
JOINED_FOLDER = INSTALLATION.data_folder / "joined"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "mentornet.config.static.JoinedFinder",
]
WHITENOISE_USE_FINDERS = DEBUG or DEMO
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "mentornet.config.static.Storage"},
}
MEDIA_ROOT = INSTALLATION.data_folder / "files"
# A spreadsheet above the limit is refused by the reader with a sentence; Django keeps it on disk till then.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# Backups ------------------------------------------------------------------------------------------------------------

BACKUP_FOLDER = INSTALLATION.backup_folder
BACKUP_KEYS = INSTALLATION.backup_keys
BACKUP_IDENTITY = INSTALLATION.backup_identity
BACKUP_PASSPHRASE_FILE = INSTALLATION.backup_passphrase_file
BACKUP_KEEP = INSTALLATION.backup_keep

# Signing in ---------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator")
] + [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}}]
AUTH_PASSWORD_VALIDATORS += [{"NAME": "mentornet.accounts.validators.KnownWordsValidator"}]
ACCOUNT_ADAPTER = "mentornet.web.signin.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# Passwords are forgotten at the staff's door by staff alone. Nothing is written to anybody else.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "reset_password": "mentornet.web.signin.StaffResetForm",
    "user_token": "mentornet.web.signin.StaffKeyForm",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Behind a proxy the address of whoever signs in is the one that the proxy names, or all would share one limit.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if INSTALLATION.https else 0
MFA_ADAPTER = "mentornet.web.signin.MultiFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Mentornet"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:today"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

# How many people's pages in an hour, besides her own cases: then the code again, then a pause (web.watching).
READING_ASKS_AT, READING_STOPS_AT = INSTALLATION.reading

# Sessions end sooner, when they lie unused: mentornet.web.sessions.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = INSTALLATION.https
# A browser takes a cookie of such a name from this very host and over HTTPS alone: no neighbour lays one of its own.
_OF_THIS_HOST = "__Host-" if INSTALLATION.https else ""
SESSION_COOKIE_NAME = f"{_OF_THIS_HOST}session"
# What an act has done names people: it is kept here, not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_NAME = f"{_OF_THIS_HOST}csrf"
LANGUAGE_COOKIE_NAME = f"{_OF_THIS_HOST}django_language"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "mentornet.web.ui.views.expired_form"

# The browser's guards -----------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = INSTALLATION.https
SECURE_HSTS_SECONDS = 31_536_000 if INSTALLATION.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = INSTALLATION.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if INSTALLATION.https else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Letters ------------------------------------------------------------------------------------------------------------

vars().update(mail_settings(INSTALLATION.mail_url or CONSOLE))
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = INSTALLATION.sender
SMS_URL = INSTALLATION.sms_url
SMS_FOLDER = INSTALLATION.data_folder
FORM_MESSAGES = INSTALLATION.form_messages
FORM_COUNTRIES = INSTALLATION.form_countries
# Where people reach the program: what stands before every link in a letter.
ADDRESS = INSTALLATION.address

# What goes wrong ----------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "logging.Formatter" if DEBUG else "mentornet.config.logs.Discreet",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "filters": {"without keys": {"()": "mentornet.config.logs.WithoutKeys"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["without keys"]},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "mentornet": {"level": "WARNING" if DEMO else "INFO"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Also for handlers that a test, or somebody who runs the program, adds to the root.
        "django.request": {"filters": ["without keys"]},
        "django.security.csrf": {"filters": ["without keys"]},
        "django.server": {"handlers": ["console"], "filters": ["without keys"], "level": "INFO", "propagate": False},
    },
}
