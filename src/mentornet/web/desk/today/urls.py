"""Addresses: what needs her."""

from __future__ import annotations

from django.urls import path

from mentornet.web.desk.today import views
from mentornet.web.desk.today.caseload import caseload
from mentornet.web.desk.today.together import together
from mentornet.web.desk.today.week import week

urlpatterns = [
    path("", views.today, name="today"),
    path("today/week/", week, name="week"),
    path("today/together/", together, name="tasks_together"),
    path("caseload/", caseload, name="caseload"),
    path("put-off/", views.put_off, name="put_off"),
    path("tasks/<uuid:task_id>/snooze/", views.snooze, name="task_snooze"),
    path("tasks/<uuid:task_id>/wake/", views.wake, name="task_wake"),
    path("tasks/<uuid:task_id>/done/", views.tick_off, name="task_done"),
    path("tasks/<uuid:task_id>/undone/", views.untick, name="task_untick"),
]
