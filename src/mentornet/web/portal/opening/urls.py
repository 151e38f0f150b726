"""The short address of a personal link: neutral, and the token stands in it once."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.letters.views import stop_letters
from mentornet.web.portal.opening import views

app_name = "links"
urlpatterns = [
    path("<str:token>/", views.open_link, name="open_link"),
    path("off/<str:signed>/", stop_letters, name="stop_letters"),
]
