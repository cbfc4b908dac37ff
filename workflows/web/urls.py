"""Addresses of the engine: inbox, steps, bell, calendars, health."""

from django.urls import path

from workflows.web import (
    bell,
    calendars,
    dates,
    delivery_log,
    endpoints,
    feed,
    health,
    inbox,
    on_time,
    overview,
    preferences,
    steps,
    wordings,
)

dates.register()
_CALENDARS = "administration/calendars/"
_MESSAGES = "administration/messages/"
app_name = "workflows"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/calendar/", feed.own, name="own_feed"),
    path("feeds/<str:token>.ics", feed.feed, name="feed"),
    path("overview/", overview.board, name="overview"),
    path("overview/in-time/", on_time.rates, name="on_time"),
    path("overview/clocks/", on_time.clocks, name="clocks"),
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
    path(_MESSAGES, delivery_log.deliveries, name="deliveries"),
    path(f"{_MESSAGES}again/", delivery_log.try_all_again, name="try_all_again"),
    path(f"{_MESSAGES}<int:pk>/", delivery_log.delivery, name="delivery"),
    path(f"{_MESSAGES}<int:pk>/again/", delivery_log.try_again, name="try_again"),
    path(f"{_MESSAGES}endpoints/", endpoints.endpoint_list, name="endpoints"),
    path(f"{_MESSAGES}endpoints/new/", endpoints.add, name="add_endpoint"),
    path(f"{_MESSAGES}endpoints/<int:pk>/", endpoints.edit, name="endpoint"),
    path(f"{_MESSAGES}endpoints/<int:pk>/switch/", endpoints.switch, name="switch_endpoint"),
    path(f"{_MESSAGES}endpoints/<int:pk>/test/", endpoints.try_out, name="try_endpoint"),
    path(f"{_MESSAGES}wordings/", wordings.wording_list, name="wordings"),
    path(f"{_MESSAGES}wordings/<slug:kind>/<slug:family>/", wordings.edit, name="wording"),
    path(
        f"{_MESSAGES}wordings/<slug:kind>/<slug:family>/built-in/",
        wordings.built_in,
        name="built_in_wording",
    ),
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
]
