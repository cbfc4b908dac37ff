"""Addresses of the satisfaction module: /satisfaction/, /reports/, and /a/ for answering."""

from surveys.web import (
    urls_campaigns,
    urls_collect,
    urls_index,
    urls_inputs,
    urls_policy,
    urls_questionnaires,
    urls_reports,
    urls_responses,
    urls_reviews,
)

app_name = "surveys"
urlpatterns = [
    *urls_questionnaires.urlpatterns,
    *urls_campaigns.urlpatterns,
    *urls_collect.urlpatterns,
    *urls_responses.urlpatterns,
    *urls_policy.urlpatterns,
    *urls_index.urlpatterns,
    *urls_reviews.urlpatterns,
    *urls_inputs.urlpatterns,
    *urls_reports.urlpatterns,
]
