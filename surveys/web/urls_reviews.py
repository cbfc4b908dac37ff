"""Management reviews: the list, one with its inputs, what is written at it, its papers."""

from django.urls import URLPattern, path

from surveys.web import review, review_inputs, review_papers, reviews

_ALL = "reviews/"
_ONE = f"{_ALL}<str:number>/"

# What is no number comes first.
urlpatterns: list[URLPattern] = [
    path(_ALL, reviews.listing, name="reviews"),
    path(f"{_ALL}add/", reviews.add, name="new_review"),
    path(_ONE, review.detail, name="review"),
    path(f"{_ONE}steps/", review.steps, name="review_steps"),
    path(f"{_ONE}decisions/", review.decisions, name="review_decisions"),
    path(f"{_ONE}changes/", review_inputs.changes, name="review_changes"),
    path(f"{_ONE}tasks/<int:pk>/<slug:outcome>/", review.perform, name="review_step"),
    path(f"{_ONE}acts/<slug:act>/", review.act, name="review_act"),
    path(f"{_ONE}inputs/<int:pk>/", review_inputs.page, name="review_input"),
    path(f"{_ONE}inputs/<int:pk>/<slug:act>/", review_inputs.act, name="review_input_act"),
    path(f"{_ONE}files/<slug:key>/", review_inputs.file, name="review_file"),
    path(f"{_ONE}review.pdf", review_papers.paper, {"kind": "pdf"}, name="review_pdf"),
    path(f"{_ONE}review.docx", review_papers.paper, {"kind": "docx"}, name="review_docx"),
    path(f"{_ONE}review.xlsx", review_papers.paper, {"kind": "xlsx"}, name="review_xlsx"),
]
