"""Answers that came in, imports, integrity findings. See surveys/web/urls.py."""

from django.urls import URLPattern, path

from surveys.web import findings, importing

_CAMPAIGN = "satisfaction/campaigns/<str:number>/"
_FINDINGS = "satisfaction/findings/"

urlpatterns: list[URLPattern] = [
    path(f"{_CAMPAIGN}import/", importing.page, name="import_responses"),
    path(f"{_CAMPAIGN}import/take/", importing.take_in, name="import_take"),
    path(f"{_CAMPAIGN}import/sheet/", importing.sheet, name="import_sheet"),
    path(f"{_CAMPAIGN}import/<slug:key>/rejects/", importing.rejects, name="import_rejects"),
    path(f"{_CAMPAIGN}examine/", importing.examine, name="examine"),
    path(_FINDINGS, findings.listing, name="findings"),
    path(f"{_FINDINGS}<str:number>/", findings.detail, name="finding"),
    path(
        f"{_FINDINGS}<str:number>/tasks/<int:pk>/<slug:outcome>/",
        findings.perform,
        name="finding_step",
    ),
    path("satisfaction/low-scores/", findings.low_scores, name="low_scores"),
    path("satisfaction/low-scores/<slug:code>/", findings.low_scores, name="low_scores"),
]
