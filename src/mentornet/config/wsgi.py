"""The door for a WSGI server, such as gunicorn."""

from __future__ import annotations

import os
from pkgutil import resolve_name

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from mentornet.config.env import read_settings
from mentornet.config.mail import require_mail

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentornet.config.settings")
application = get_wsgi_application()
if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
    require_mail(read_settings())
# Whichever server this is, real people are not served unsafely.
resolve_name("mentornet.config.checking:require_safe")(read_settings(), lambda _line: None)
if settings.DEMO:
    # One-click sign-in is never opened over real people, whichever server this is.
    resolve_name("mentornet.demo.services:refuse_real_data")()
