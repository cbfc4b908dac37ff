"""See cases/web/urls.py. A number is a slug: no other character comes as far as the database."""

from django.urls import URLPattern, path

from cases.web import action, case, documents, files, picture

urlpatterns: list[URLPattern] = [
    path("cases/<slug:number>/", case.detail, name="detail"),
    path("cases/<slug:number>/process/", picture.picture, name="picture"),
    path("cases/<slug:number>/process.bpmn", picture.bpmn, name="bpmn"),
    path("cases/<slug:number>/8d.pdf", documents.eight_d, {"kind": "pdf"}, name="eight_d_pdf"),
    path("cases/<slug:number>/8d.docx", documents.eight_d, {"kind": "docx"}, name="eight_d_docx"),
    path("cases/<slug:number>/rulings/<int:pk>.pdf", documents.ruling, name="ruling_pdf"),
    path("cases/<slug:number>/tasks/<int:pk>/<slug:outcome>/", case.perform, name="perform"),
    path("cases/<slug:number>/acts/<slug:act>/", case.act, name="act"),
    path("cases/<slug:number>/comments/", case.comment, name="comment"),
    path("cases/<slug:number>/files/", case.attach, name="attach"),
    path("actions/<slug:number>/", action.detail, name="action"),
    path(
        "actions/<slug:number>/tasks/<int:pk>/<slug:outcome>/",
        action.perform,
        name="action_perform",
    ),
    path("actions/<slug:number>/acts/<slug:act>/", action.act, name="action_act"),
    path("files/<slug:key>/", files.file, name="file"),
]
