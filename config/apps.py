"""The project itself as an application: owns what belongs to no single app."""

from django.apps import AppConfig


class RedressConfig(AppConfig):
    name = "config"
    label = "redress"
