"""The policy in versions, with what-if, and the ledger it rules. See surveys/web/urls.py."""

from django.urls import URLPattern, path

from surveys.web import ledger, policy

_VERSION = "satisfaction/policy/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("satisfaction/policy/", policy.policy, name="policy"),
    path("satisfaction/policy/new/", policy.new, name="policy_new"),
    path("satisfaction/policy/upload/", policy.upload, name="policy_upload"),
    path(_VERSION, policy.version, name="policy_version"),
    path(f"{_VERSION}edit/", policy.edit, name="policy_edit"),
    path(f"{_VERSION}publish/", policy.publish, name="policy_publish"),
    path(f"{_VERSION}discard/", policy.discard, name="policy_discard"),
    path(f"{_VERSION}what-if/", policy.what_if, name="policy_what_if"),
    path(f"{_VERSION}file/", policy.file, name="policy_file"),
    path("satisfaction/ledger/", ledger.today, name="ledger_today"),
    path("satisfaction/ledger/<str:period>/", ledger.ledger, name="ledger"),
]
