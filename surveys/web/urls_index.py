"""The index, its figures down to the answers, ranking. See surveys/web/urls.py."""

from django.urls import URLPattern, path

from surveys.web import answers, assessment, index_page, ranking, report_files, source_page

urlpatterns: list[URLPattern] = [
    path("satisfaction/", index_page.home, name="index"),
    path("satisfaction/index/<slug:code>/", index_page.page, name="index_of"),
    path("satisfaction/index/<slug:code>/sign/", index_page.sign, name="sign_index"),
    path("satisfaction/index/<slug:code>/<slug:key>/", source_page.page, name="source"),
    path("satisfaction/answers/", answers.answer_page, name="answers"),
    path("satisfaction/answers/<int:pk>/", answers.response_page, name="response"),
    path("reports/<str:number>/draft/<slug:name>/", report_files.draft, name="report_draft"),
    path("satisfaction/ranking/", ranking.page, name="ranking"),
    path("satisfaction/ranking/assessment/", assessment.page, name="assessment"),
    path("satisfaction/ranking/assessment/<slug:code>/", assessment.page, name="assessment_of"),
    path(
        "satisfaction/ranking/assessment/<slug:code>/<slug:kind>/",
        assessment.download,
        name="assessment_file",
    ),
    path("satisfaction/ranking/<slug:code>/", ranking.page, name="ranking_of"),
    path("satisfaction/ranking/<slug:code>/<slug:kind>/", ranking.download, name="ranking_file"),
]
