"""Addresses: the two handbooks, their chapters, and each as a whole to print."""

from __future__ import annotations

from django.urls import path

from mentornet.web.public.handbook import views

urlpatterns = [
    path("handbook/", views.handbooks, name="handbooks"),
    path("handbook/<slug:role>/", views.handbook, name="handbook"),
    path("handbook/<slug:role>/whole/", views.whole, name="handbook_whole"),
    path("handbook/<slug:role>/whole/pdf/", views.whole_pdf, name="handbook_pdf"),
    path("handbook/<slug:role>/<slug:slug>/pdf/", views.chapter_pdf, name="handbook_chapter_pdf"),
    path("handbook/<slug:role>/<slug:slug>/", views.chapter, name="handbook_chapter"),
]
