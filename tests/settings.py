"""The product's settings, on the servers of this test run and on no others.

TEST_DATABASE=postgres runs the tests that touch the database on PostgreSQL; else it is SQLite.
"""

import os

from tests import services

POSTGRES = os.environ.get("TEST_DATABASE") == "postgres"

# What a person's shell has set for a service of their own must never reach the tests.
os.environ.update(
    DEBUG="0",
    HTTPS="0",
    SECRET_KEY="of-the-tests-" + "x" * 50,
    ALLOWED_HOSTS="127.0.0.1,localhost,testserver",
    CSRF_TRUSTED_ORIGINS="",
    DATABASE_URL=services.postgres_url() if POSTGRES else f"sqlite:///{services.FOLDER}/unused",
    REDIS_URL=services.redis_url(),
    CELERY_BROKER_URL=services.redis_url(),
    FEED_URL="http://127.0.0.1:9",
    SITE_NOTICE="",
    # The tests of the second factor turn it on.
    CALLS_NEED_SECOND_FACTOR="0",
    STATIC_ROOT=str(services.FOLDER / "static"),
    LOG_LEVEL="INFO",
)
for name in ("POLL_SECONDS", "LIVE_POLL_SECONDS", "FEED_LATE_SECONDS", "SWEEP_BATCHES"):
    os.environ.pop(name, None)

from dashboard.settings import *  # noqa: E402, F403
from dashboard.settings import DATABASES, STORAGES  # noqa: E402

if not POSTGRES:
    # A file, so that several processes and threads can use it as they do in the service.
    DATABASES["default"]["TEST"] = {"NAME": str(services.FOLDER / "test.sqlite3")}

# WhiteNoise wants its folder to be there when it starts.
(services.FOLDER / "static").mkdir()

PASSWORD_HASHERS = ["tests.hashers.QuickHasher"]

# Pages rendered inside the tests need no collected files; those of a real server have them.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
