"""Addresses of the engine: inbox, steps, bell, health."""

from django.urls import path

from workflows.web import bell, health, inbox, steps

app_name = "workflows"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("tasks/<int:pk>/", steps.task, name="task"),
    path("tasks/<int:pk>/claim/", steps.claim, name="claim"),
    path("tasks/<int:pk>/release/", steps.release, name="release"),
    path("tasks/<int:pk>/transfer/", steps.transfer, name="transfer"),
    path("notifications/", bell.notifications, name="notifications"),
    path("notifications/read/", bell.read_all, name="read_all"),
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
]
