"""Settings, all from the environment (README lists every variable)."""

from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)

# Without one, whatever signs something (a login, a form) stops with Django's own clear error;
# commands that sign nothing, such as migrate or load_contests, need none.
SECRET_KEY = env.str("SECRET_KEY", default="debug-only-" + "x" * 50 if DEBUG else "")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "dashboard",
    "results",
    "dashboard.admin_config.NewsroomAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
]

MIDDLEWARE = [
    # First, so that an unchanged poll is answered before any other work is done.
    "dashboard.middleware.LivePollMiddleware",
    "results.returns_api.middleware.ReturnsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dashboard.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "dashboard.context_processors.site",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR}/returns.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Readers go on while one writer writes; a writer takes its lock at the start, so that two
    # batches queue instead of failing half way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
CALLS_NEED_SECOND_FACTOR = env.bool("CALLS_NEED_SECOND_FACTOR", default=True)
"""Whether those who may call races enter the admin only with a second factor."""
OTP_TOTP_ISSUER = "Live Returns"
# A wrong password too often, for one name from one address: both have to wait.
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "results.returns_api.fair_use.client_address"
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AXES_VERBOSE = False

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "America/Los_Angeles"
USE_I18N = True
USE_TZ = True

# From the root, also on the pages of a rehearsal, whose other addresses have a prefix.
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

# The feed -------------------------------------------------------------------------------------

FEED_URL = env.str("FEED_URL", default="https://api.sos.ca.gov").rstrip("/")
"""The part of the feed's addresses before /returns/."""
POLL_SECONDS = env.float("POLL_SECONDS", default=30.0)
"""Seconds between two sweeps of the feed."""
if POLL_SECONDS <= 0:
    raise ImproperlyConfigured(f"POLL_SECONDS must be above 0, not {POLL_SECONDS}.")
FEED_CONCURRENCY = env.int("FEED_CONCURRENCY", default=8)
"""Connections one worker process keeps open to the feed."""
FEED_TIMEOUT_SECONDS = env.float("FEED_TIMEOUT_SECONDS", default=10.0)
SWEEP_BATCHES = env.int("SWEEP_BATCHES", default=2)
"""Batches a sweep is split into; they run in parallel over the workers."""
LIVE_POLL_SECONDS = env.float("LIVE_POLL_SECONDS", default=min(max(POLL_SECONDS, 1.0), 5.0))
"""Seconds between two polls of a page in a browser."""
FEED_LATE_SECONDS = env.float("FEED_LATE_SECONDS", default=max(180.0, 4 * POLL_SECONDS))
"""Seconds without a good sweep after which pages say that the feed is late."""

# The returns API --------------------------------------------------------------------------------

TRUSTED_PROXIES = tuple(env.list("TRUSTED_PROXIES", default=[]))
"""Networks of proxies of our own, whose X-Forwarded-For is believed."""
RETURNS_RATE = env.str("RETURNS_RATE", default="1200/minute")
"""Requests for returns that one address may make; "" for any number."""
RETURNS_RATE_EXEMPT = tuple(env.list("RETURNS_RATE_EXEMPT", default=["127.0.0.0/8", "::1"]))
"""Networks whose requests are not counted."""
RETURNS_STREAMS = env.int("RETURNS_STREAMS", default=4)
"""Streams of changes that one web process keeps open; each takes one of its threads."""
for _network in (*TRUSTED_PROXIES, *RETURNS_RATE_EXEMPT):
    try:
        ip_network(_network)
    except ValueError as _reason:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES or RETURNS_RATE_EXEMPT: {_reason}") from None

SITE_NOTICE = env.str("SITE_NOTICE", default="")
"""Words that stand on every page, for a night that is not a real one ("Replay of ...")."""

# Celery ---------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL)
CELERY_RESULT_BACKEND = REDIS_URL
CELERY_RESULT_EXPIRES = 3600
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TRACK_STARTED = True
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_TIME_LIMIT = 120
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300}
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "results.sweep",
        # Asked more often than it sweeps, so that a newsroom can change the pace as it goes.
        "schedule": min(POLL_SECONDS, 5.0),
        # One that waited longer than a period for a worker has been overtaken by the next one.
        "options": {"expires": max(min(POLL_SECONDS, 5.0), 1.0)},
    },
    "announce-calls": {
        "task": "results.announce_calls",
        "schedule": 5.0,
        "options": {"expires": 5.0},
    },
    "watch-feed": {
        "task": "results.watch_feed",
        "schedule": 15.0,
        "options": {"expires": 15.0},
    },
    "prune-fetch-log": {"task": "results.prune_fetch_log", "schedule": 3600.0},
}

# E-mail of alerts -------------------------------------------------------------------------------

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="live-returns@localhost")
EMAIL_TIMEOUT = 10

# Security -------------------------------------------------------------------------------------

HTTPS = env.bool("HTTPS", default=False)
"""Whether readers reach the service by https (a proxy in front says so in X-Forwarded-Proto)."""
# Believed only where a proxy that sets it stands in front.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31536000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
