"""The public site's addresses, each beneath a language's code."""

from __future__ import annotations

from mentornet.web.public.apply.urls import urlpatterns as apply
from mentornet.web.public.certificates.urls import urlpatterns as certificates
from mentornet.web.public.handbook.urls import urlpatterns as handbook
from mentornet.web.public.pages.urls import urlpatterns as pages

app_name = "public"
urlpatterns = [
    *pages,
    *handbook,
    *apply,
    *certificates,
]
