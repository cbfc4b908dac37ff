"""The index, its figures down to the answers, ranking. See surveys/web/urls.py."""

from django.urls import URLPattern, path

from surveys.web import answers, index_page, source_page

urlpatterns: list[URLPattern] = [
    path("satisfaction/", index_page.home, name="index"),
    path("satisfaction/index/<slug:code>/", index_page.page, name="index_of"),
    path("satisfaction/index/<slug:code>/sign/", index_page.sign, name="sign_index"),
    path("satisfaction/index/<slug:code>/<slug:key>/", source_page.page, name="source"),
    path("satisfaction/answers/", answers.answer_page, name="answers"),
    path("satisfaction/answers/<int:pk>/", answers.response_page, name="response"),
    path("satisfaction/ranking/", source_page.ranking, name="ranking"),
    path("satisfaction/ranking/<slug:code>/", source_page.ranking, name="ranking_of"),
]
