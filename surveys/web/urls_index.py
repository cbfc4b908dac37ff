"""The index, its figures down to the answers, ranking. See surveys/web/urls.py."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
