"""All addresses."""

from __future__ import annotations

from allauth.account import urls as account_urls
from allauth.mfa import urls as mfa_urls
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("mentornet.web.ui.urls")),
    path("desk/", include("mentornet.web.desk.urls")),
    path("my/", include("mentornet.web.portal.urls")),
    path("l/", include("mentornet.web.portal.opening.urls")),
    path("accounts/", include(account_urls)),
    path("accounts/2fa/", include(mfa_urls)),
    path("language/", set_language, name="set_language"),
    # The language stands in the address: what is passed on opens in the language it was read in.
    *i18n_patterns(path("", include("mentornet.web.public.urls")), prefix_default_language=True),
]

handler400 = "mentornet.web.ui.views.bad_request"
handler403 = "mentornet.web.ui.views.not_allowed"
handler404 = "mentornet.web.ui.views.not_found"
handler429 = "mentornet.web.ui.views.too_often"  # asked for by allauth, where somebody tries too often
handler500 = "mentornet.web.ui.views.failed"

if settings.DEMO:
    # Outside a demonstration these addresses do not exist, and their views refuse besides.
    urlpatterns += [path("demo/", include("mentornet.web.desk.demo.urls"))]
