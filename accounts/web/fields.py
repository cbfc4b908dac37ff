"""Form fields whose text is cleaned before anything looks at it."""

from typing import Any

from django import forms

from accounts.domain import queries
from accounts.models import Department
from accounts.validators import clean_text


class LineField(forms.CharField):
    """One line of text: NFC, no control characters, no line breaks."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return clean_text(text, lines=False) if isinstance(text, str) else text


class DepartmentField(forms.ModelChoiceField):
    """A department out of the tree, drawn with its depth: one statement for all choices."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("empty_label", "")
        super().__init__(queryset=Department.objects.filter(is_active=True), **options)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)

    def fill(self, *, without: Department | None = None) -> None:
        """Read the tree; `without` leaves out a department and what is below it."""
        rows = queries.indented(without=without)
        self.choices = [("", self.empty_label or ""), *rows]  # type: ignore[assignment]
