"""Questionnaires. See surveys/web/urls.py."""

from django.urls import URLPattern, path

from surveys.web import questionnaire as one, questionnaire_edit as builder

ROOT = "satisfaction/questionnaires/"

urlpatterns: list[URLPattern] = [
    path(ROOT, one.questionnaires, name="questionnaires"),
    path(f"{ROOT}new/", builder.new, name="questionnaire_new"),
    path(f"{ROOT}upload/", one.upload, name="questionnaire_upload"),
    path(f"{ROOT}phone/", builder.phone, name="questionnaire_phone"),
    path(f"{ROOT}<str:number>/", one.questionnaire, name="questionnaire"),
    path(f"{ROOT}<str:number>/edit/", builder.edit, name="questionnaire_edit"),
    path(f"{ROOT}<str:number>/preview/", builder.preview, name="questionnaire_preview"),
    path(f"{ROOT}<str:number>/export/", one.export, name="questionnaire_export"),
    path(
        f"{ROOT}<str:number>/tasks/<int:pk>/<str:outcome>/",
        one.perform,
        name="questionnaire_perform",
    ),
    path(f"{ROOT}<str:number>/acts/<str:act>/", one.act, name="questionnaire_act"),
]
