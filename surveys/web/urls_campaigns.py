"""Campaigns, their frames and boards. See surveys/web/urls.py."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
