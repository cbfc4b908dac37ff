"""See cases/web/urls.py."""

from django.urls import URLPattern, path

from cases.web import actionlist, caselist, responsibility, sheets

urlpatterns: list[URLPattern] = [
    path("cases/", caselist.case_list, name="list"),
    path("cases/export.xlsx", sheets.export, name="export"),
    path("statistics/responsibility/", responsibility.page, name="responsibility"),
    path(
        "statistics/responsibility/export.xlsx",
        responsibility.export,
        name="responsibility_export",
    ),
    path("actions/", actionlist.action_list, name="actions"),
]
