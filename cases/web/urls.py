"""Addresses of cases: the case and its actions, logging and customers, lists and exports."""

from cases.web import urls_case, urls_intake, urls_lists, urls_rules

app_name = "cases"
# Lists and logging first: /cases/new/ is not a case number.
urlpatterns = [
    *urls_lists.urlpatterns,
    *urls_intake.urlpatterns,
    *urls_rules.urlpatterns,
    *urls_case.urlpatterns,
]
