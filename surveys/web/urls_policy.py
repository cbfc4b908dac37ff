"""The policy in versions, with what-if. See surveys/web/urls.py."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
