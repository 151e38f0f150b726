"""Settings for tests: the installation's own, with fast passwords, letters kept in memory and a mirrored language."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Before the settings are read: tests neither see nor touch what the machine's user has set up.
for _name in [name for name in os.environ if name.startswith("MENTORNET_") and not name.startswith("MENTORNET_TEST_")]:
    if _name not in {"MENTORNET_COMPLETE", "MENTORNET_ESCO_TEST_DIR"}:
        del os.environ[_name]
# The folders of a run's workers lie in its own: they end without a word, and it sweeps up after them.
_FOLDER = Path(tempfile.mkdtemp(prefix="mentornet-tests-", dir=os.environ.get("MENTORNET_TEST_FOLDER")))
os.environ["MENTORNET_TEST_FOLDER"] = str(_FOLDER)
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
os.environ["MENTORNET_DATA"] = str(_FOLDER)
os.environ["MENTORNET_SECRET_KEY"] = "not-a-secret-" + "x" * 50
os.environ["MENTORNET_HTTPS"] = "no"
os.environ["MENTORNET_HOSTS"] = "testserver,localhost,127.0.0.1"
# The browser of the browser tests runs an event loop in the thread that also speaks to the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
if "MENTORNET_TEST_DATABASE_URL" in os.environ:
    os.environ["MENTORNET_DATABASE_URL"] = os.environ["MENTORNET_TEST_DATABASE_URL"]

from django.conf import global_settings  # noqa: E402
from django.utils.functional import lazystr  # noqa: E402

from mentornet.config import mirrored  # noqa: E402
from mentornet.config.settings import *  # noqa: E402, F403 - the environment comes first
from mentornet.config.settings import (  # noqa: E402
    DATABASES,
    DESK_LANGUAGES,
    LANGUAGES,
    LOCALE_PATHS,
    MIDDLEWARE,
    STORAGES,
)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
LANGUAGE_CODE = "en"
# Tests that go through all pages are not stopped; those of the limits set their own.
READING_ASKS_AT, READING_STOPS_AT = 100_000, 200_000

mirrored.install()
mirrored.write_catalogue(LOCALE_PATHS[0] / "django.pot", _FOLDER / "locale")
LANGUAGES = [*LANGUAGES, (mirrored.CODE, lazystr("Mirrored"))]
DESK_LANGUAGES = [*DESK_LANGUAGES, mirrored.CODE]
LANGUAGES_BIDI = [*global_settings.LANGUAGES_BIDI, mirrored.CODE]
LOCALE_PATHS = [_FOLDER / "locale", *LOCALE_PATHS]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that threads of the live server and of the races see the same data; one for each worker.
    _worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    DATABASES["default"]["TEST"] = {"NAME": str(_FOLDER / f"tests-{_worker}.sqlite3")}
    DATABASES["default"]["OPTIONS"] = DATABASES["default"]["OPTIONS"] | {
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;PRAGMA foreign_keys=ON;"
    }
elif not os.environ.get("MENTORNET_TEST_AS_OWNER"):
    # Every page is answered by a role that does not own the tables, beneath the policies.
    MIDDLEWARE = ["served.ServedByRole", *MIDDLEWARE]
