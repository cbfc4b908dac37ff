"""See cases/web/urls.py. Catalogues and policies: what the quality department keeps itself."""

from django.urls import URLPattern, path

from cases.web import catalogue, policy

_ENTRY = "administration/catalogues/<slug:key>/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("administration/catalogues/", catalogue.catalogue, name="catalogues"),
    path("administration/catalogues/<slug:key>/", catalogue.catalogue, name="catalogue"),
    path("administration/catalogues/<slug:key>/new/", catalogue.add, name="add_entry"),
    path(_ENTRY, catalogue.change, name="entry"),
    path(f"{_ENTRY}off/", catalogue.switch_off, name="switch_off_entry"),
    path(f"{_ENTRY}on/", catalogue.switch_on, name="switch_on_entry"),
    path("administration/policies/", policy.policy, name="policies"),
    path("administration/policies/<slug:key>/", policy.policy, name="policy"),
    path("administration/policies/<slug:key>/new/", policy.new_version, name="new_version"),
]
