"""See cases/web/urls.py."""

from django.urls import URLPattern, path

from cases.web import actionlist, caselist, sheets

urlpatterns: list[URLPattern] = [
    path("cases/", caselist.case_list, name="list"),
    path("cases/export.xlsx", sheets.export, name="export"),
    path("actions/", actionlist.action_list, name="actions"),
]
