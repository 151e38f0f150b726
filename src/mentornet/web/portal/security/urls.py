"""Signing in and out, codes, passkeys, passwords, sessions."""

from __future__ import annotations

from django.urls import path

from mentornet.web.portal.security import codes, keys, sessions, signing_in, views

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/code/", signing_in.sign_in_code, name="sign_in_code"),
    path("sign-in/password/", signing_in.sign_in_password, name="sign_in_password"),
    path("sign-in/app/", signing_in.sign_in_app, name="sign_in_app"),
    path("sign-in/passkey/begin/", keys.begin_sign_in, name="passkey_begin"),
    path("sign-in/passkey/", keys.sign_in, name="passkey_sign_in"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("code/", codes.code, name="code"),
    path("security/", views.security, name="security"),
    path("security/check/", codes.prove, name="prove"),
    path("security/password/", views.password, name="password"),
    path("security/password/remove/", views.password_remove, name="password_remove"),
    path("security/app/", views.app, name="app"),
    path("security/app/remove/", views.app_remove, name="app_remove"),
    path("security/passkeys/begin/", keys.begin_adding, name="passkey_new"),
    path("security/passkeys/", keys.add, name="passkey_add"),
    path("security/passkeys/<int:passkey_id>/remove/", keys.remove, name="passkey_remove"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/end-all/", sessions.end_all, name="sessions_end_all"),
    path("sessions/<uuid:sign_in_id>/end/", sessions.end_one, name="session_end"),
]
