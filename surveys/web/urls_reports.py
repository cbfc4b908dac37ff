"""Analysis reports. See surveys/web/urls.py."""

from django.urls import URLPattern, path

from surveys.web import report_write, reports

_ONE = "reports/<str:number>/"

# What is no number comes first.
urlpatterns: list[URLPattern] = [
    path("reports/", reports.listing, name="reports"),
    path("reports/new/", reports.add, name="new_report"),
    path(_ONE, reports.detail, name="report"),
    path(f"{_ONE}write/<slug:key>/", report_write.write, name="report_write"),
    path(f"{_ONE}preview/", report_write.preview, name="report_preview"),
    path(f"{_ONE}tasks/<int:pk>/<slug:outcome>/", reports.perform, name="report_step"),
    path(f"{_ONE}acts/<slug:act>/", reports.act, name="report_act"),
    path(f"{_ONE}restate/", reports.restate, name="report_restate"),
    path(f"{_ONE}note/", reports.note, name="report_note"),
    path(f"{_ONE}files/<int:pk>/", reports.document, name="report_file"),
]
