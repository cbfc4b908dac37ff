"""The project: settings, addresses, Celery. The apps never import from here."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
