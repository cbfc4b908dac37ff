"""Answering: personal links, staff entry, paper forms. See surveys/web/urls.py."""

from django.urls import URLPattern, path

from surveys.web import answering, campaign_answers, entry

urlpatterns: list[URLPattern] = [
    path("a/<str:token>/", answering.answer, name="answer"),
    path("a/<str:token>/save/", answering.save, name="answer_save"),
    path("a/<str:token>/opened/", answering.opened, name="answer_opened"),
    path("a/<str:token>/thanks/", answering.thanks, name="answer_thanks"),
    path("satisfaction/campaigns/<str:number>/enter/", entry.enter, name="enter"),
    path("satisfaction/campaigns/<str:number>/paper.pdf", entry.print_form, name="paper"),
    path(
        "satisfaction/campaigns/<str:number>/responses/", campaign_answers.listing, name="responses"
    ),
]
