"""A day in an address, 2026-10-01; what is no day is no address."""

from datetime import date

from django.urls import register_converter


class DateConverter:
    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


def register() -> None:
    register_converter(DateConverter, "date")
