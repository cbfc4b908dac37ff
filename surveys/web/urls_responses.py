"""Answers that came in, imports, integrity findings. See surveys/web/urls.py."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
