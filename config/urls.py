"""Addresses of the product; each app brings its own."""

from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("", include("accounts.web.urls")),
    path("", include("workflows.web.urls")),
    path("", include("cases.web.urls")),
    path("", include("surveys.web.urls")),
]
