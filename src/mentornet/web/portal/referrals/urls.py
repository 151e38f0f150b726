"""Addresses: the link she shares."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.referrals import views

urlpatterns = [
    path("share/", views.share, name="referral"),
    path("share/code.svg", views.picture, name="referral_picture"),
]
