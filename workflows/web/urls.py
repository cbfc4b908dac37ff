"""Addresses of the engine: inbox, steps, bell, calendars, health."""

from django.urls import path

from workflows.web import (
    bell,
    calendars,
    dates,
    feed,
    health,
    inbox,
    overview,
    preferences,
    steps,
)

dates.register()
_CALENDARS = "administration/calendars/"
app_name = "workflows"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/calendar/", feed.own, name="own_feed"),
    path("feeds/<str:token>.ics", feed.feed, name="feed"),
    path("overview/", overview.board, name="overview"),
    path("overview/steps/", overview.steps, name="overview_steps"),
    path("tasks/<int:pk>/", steps.task, name="task"),
    path("tasks/<int:pk>/claim/", steps.claim, name="claim"),
    path("tasks/<int:pk>/release/", steps.release, name="release"),
    path("tasks/<int:pk>/transfer/", steps.transfer, name="transfer"),
    path("notifications/", bell.notifications, name="notifications"),
    path("notifications/read/", bell.read_all, name="read_all"),
    path("notifications/count/", bell.count, name="bell_count"),
    path("notifications/<int:pk>/open/", bell.open_line, name="open_notification"),
    path("profile/notifications/", preferences.own, name="preferences"),
    path(_CALENDARS, calendars.calendar, name="calendars"),
    path(f"{_CALENDARS}new/", calendars.own, name="own_calendar"),
    path(f"{_CALENDARS}years/<int:year>/", calendars.publish, name="publish_year"),
    path(f"{_CALENDARS}<int:pk>/", calendars.calendar, name="calendar"),
    path(f"{_CALENDARS}<int:pk>/week/", calendars.week, name="calendar_week"),
    path(f"{_CALENDARS}<int:pk>/days/<date:when>/", calendars.day, name="calendar_day"),
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
]
