"""Addresses: the officer's own page, breaches, retention, the record of processing, the assessment, the audit."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.data_protection import (
    assessment_views,
    audit_views,
    breach_views,
    hold_views,
    retention_views,
    views,
)

urlpatterns = [
    path("data-protection/", views.start, name="data_protection"),
    path("data-protection/breaches/", breach_views.breaches, name="breaches"),
    path("data-protection/breaches/report/", breach_views.report, name="breach_report"),
    path("data-protection/breaches/<uuid:breach_id>/", breach_views.breach, name="breach"),
    path("data-protection/breaches/<uuid:breach_id>/write/", breach_views.write, name="breach_write"),
    path("data-protection/breaches/<uuid:breach_id>/settle/", breach_views.settle, name="breach_settle"),
    path("data-protection/breaches/<uuid:breach_id>/back/", breach_views.back, name="breach_back"),
    path("data-protection/breaches/<uuid:breach_id>/close/", breach_views.close, name="breach_close"),
    path("data-protection/breaches/<uuid:breach_id>/print/", breach_views.paper, name="breach_print"),
    path("data-protection/retention/", retention_views.retention, name="retention"),
    path("data-protection/retention/nights/", retention_views.nights, name="retention_nights"),
    path("data-protection/retention/<slug:retention>/", retention_views.term, name="retention_term"),
    path("data-protection/going/<uuid:division_id>/", hold_views.soon, name="retention_soon"),
    path("people/<uuid:person_id>/hold/", hold_views.hold, name="person_hold"),
    path("people/<uuid:person_id>/hold/end/", hold_views.end, name="person_hold_end"),
    path("data-protection/record/", assessment_views.record, name="processing"),
    path("data-protection/record/print/", assessment_views.record_paper, name="processing_print"),
    path("data-protection/record/file/", assessment_views.record_file, name="processing_file"),
    path("data-protection/assessment/", assessment_views.assessment, name="assessment"),
    path("data-protection/assessment/sign/", assessment_views.sign, name="assessment_sign"),
    path("data-protection/assessment/print/", assessment_views.assessment_paper, name="assessment_print"),
    path("data-protection/assessment/file/", assessment_views.assessment_file, name="assessment_file"),
    path("data-protection/audit/", audit_views.audit, name="audit"),
    path("data-protection/audit/export/", audit_views.export, name="audit_export"),
]
