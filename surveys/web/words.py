"""Words for what stands in a computed index, in the reader's language."""

from typing import Any

from django.utils.translation import get_language, gettext as _

from surveys.domain.index import Result


def label_of(row: dict[str, Any], name: str = "name") -> str:
    """The name of a line: English where it has one and the reader wants it."""
    english = not (get_language() or "").startswith("zh")
    return str((english and row.get(f"{name}_en")) or row.get(name) or "")


def path_words(path: str, result: Result) -> str:
    """ "sources.sales_survey.score" as a reader would say it."""
    words = {
        "score": _("Score"),
        "raw_score": _("Raw score"),
        "n": _("Valid forms"),
        "sent": _("Sent"),
        "received": _("Received"),
        "rate": _("Response rate"),
        "gross": _("Gross"),
        "net": _("Index"),
        "net_before_floor": _("Before the floor"),
        "deduction_total": _("Deductions"),
        "points": _("Points"),
        "count": _("Cases"),
        "band": _("Band"),
        "policy_version": _("Version of the rules"),
    }
    names = {source["key"]: label_of(source) for source in result["sources"]}
    return " · ".join(
        str(words.get(part) or names.get(part) or part)
        for part in path.split(".")
        if part not in {"sources", "deductions", "items", "subitems"}
    )
