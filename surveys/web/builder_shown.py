"""The rows of the builder as its template prints them: values, shares, choices, errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from surveys.domain.policy import decimal_of
from surveys.domain.question_keys import entries
from surveys.domain.questionnaires import LABELS, MOST_SUBITEMS
from surveys.web.builder import MOST_CONTROLS, Typed, controls

Errors = Mapping[str, list[Any]]
Option = tuple[str, Any, bool]
TENTH = Decimal("0.1")


@dataclass
class RowShown:
    """One row. `place` is where it stands in the document, `prefix` begins its names and ids."""

    place: str
    number: int
    values: dict[str, Any]
    errors: Errors
    share: str = ""
    rows: list["RowShown"] = field(default_factory=list)
    conditions: list[Option] = field(default_factory=list)
    levels: list[Option] = field(default_factory=list)
    reasons: list[Option] = field(default_factory=list)
    is_here: bool = False
    is_first: bool = False
    is_last: bool = False

    @property
    def prefix(self) -> str:
        return self.place.replace(".", "-")

    def wrong(self, name: str) -> list[Any]:
        return self.errors.get(f"{self.place}.{name}", [])

    @property
    def own(self) -> list[Any]:
        """What is wrong with the row as a whole."""
        return self.errors.get(self.place, [])

    @property
    def key_errors(self) -> list[Any]:
        return self.wrong("key")

    @property
    def name_errors(self) -> list[Any]:
        return self.wrong("name")

    @property
    def name_en_errors(self) -> list[Any]:
        return self.wrong("name_en")

    @property
    def weight_errors(self) -> list[Any]:
        return self.wrong("weight")

    @property
    def reason_errors(self) -> list[Any]:
        return self.wrong("reason_below")

    @property
    def condition_errors(self) -> list[Any]:
        return self.wrong("show_if")

    @property
    def is_special(self) -> bool:
        """Whether there is more to it than its words."""
        errors = (self.key_errors, self.reason_errors, self.condition_errors)
        return any([self.values.get("show_if"), "reason_below" in self.values, *errors])


def percent(part: Decimal | None, total: Decimal) -> str:
    """A share of the whole in per cent, to one place; a dash where it cannot be told."""
    if part is None or not part.is_finite() or part <= 0 or total <= 0:
        return "–"
    share = (100 * part / total).quantize(TENTH, ROUND_HALF_UP)
    return _("%(share)s %%") % {"share": f"{share.normalize():f}"}


def total_of(rows: list[dict[str, Any]]) -> Decimal:
    weights = (decimal_of(row.get("weight", "1")) for row in rows)
    return sum((one for one in weights if one and one.is_finite() and one > 0), Decimal(0))


def shown(typed: Typed, errors: Errors) -> dict[str, Any]:
    """What builder_form.html prints."""
    document = typed.document
    labels = str(document.get("labels"))
    labels = labels if labels in LABELS else "five"
    maker = Maker(typed, errors, labels)
    return {
        "typed": typed.head,
        "texts": document,
        "labels": [
            (key, " / ".join(str(words[level]) for level in "54321"), key == labels)
            for key, words in LABELS.items()
        ],
        "reasons": maker.reasons(str(document.get("reason_below", "3")), usual=False),
        "items": maker.items(),
        "open": maker.open(),
        "high": " ".join(f"{letter}{number}" for letter, number in typed.highest.items()),
        "errors": {name: errors.get(name, []) for name in HEADINGS if errors.get(name)},
        "summary": [
            (target(name), sentence) for name, found in errors.items() for sentence in found
        ],
        "full": controls(document) + 20 > MOST_CONTROLS or maker.count >= MOST_SUBITEMS,
    }


HEADINGS = (
    "code", "kind", "title", "title_en", "labels", "reason_below", "intro", "intro_en", "thanks",
    "thanks_en", "items", "open",
)  # fmt: skip


def target(place: str) -> str:
    """The id of the control that an error is about."""
    return "b-" + place.replace(".", "-").replace("show_if", "if")


class Maker:
    """Makes the rows in the order in which they are asked: conditions only look back."""

    def __init__(self, typed: Typed, errors: Errors, labels: str) -> None:
        self.typed, self.errors, self.words = typed, errors, LABELS[labels]
        self.before: list[tuple[str, str]] = []
        self.count = 0

    def items(self) -> list[RowShown]:
        items = entries(self.typed.document, "items")
        total, shown = total_of(items), []
        for number, item in enumerate(items):
            row = self.row(f"items.{number}", number, item, len(items))
            row.share = percent(decimal_of(item.get("weight", "1")), total)
            row.rows = self.subitems(row.place, entries(item, "subitems"))
            shown.append(row)
        return shown

    def subitems(self, place: str, rows: list[dict[str, Any]]) -> list[RowShown]:
        total, shown = total_of(rows), []
        for number, given in enumerate(rows):
            row = self.row(f"{place}.subitems.{number}", number, given, len(rows))
            row.share = percent(decimal_of(given.get("weight", "1")), total)
            row.reasons = self.reasons(str(given.get("reason_below", "")), usual=True)
            self.condition(row)
            name = str(given.get("name", ""))
            self.before.append((str(given.get("key", "")), name))
            self.count += 1
            shown.append(row)
        return shown

    def open(self) -> list[RowShown]:
        questions = entries(self.typed.document, "open")
        shown = []
        for number, given in enumerate(questions):
            row = self.row(f"open.{number}", number, given, len(questions))
            self.condition(row)
            shown.append(row)
        return shown

    def row(self, place: str, number: int, given: dict[str, Any], among: int) -> RowShown:
        return RowShown(
            place=place,
            number=number + 1,
            values=given,
            errors=self.errors,
            is_here=place == self.typed.at,
            is_first=number == 0,
            is_last=number == among - 1,
        )

    def condition(self, row: RowShown) -> None:
        """Which earlier question it depends on; one that is gone stays until it is changed."""
        chosen = row.values.get("show_if") or {}
        key, most = str(chosen.get("key", "")), str(chosen.get("at_most", "2"))
        known = [(one, f"{one} · {name}"[:60]) for one, name in self.before]
        if key and key not in dict(known):
            known.insert(0, (key, _("%(key)s: not before this question") % {"key": key}))
        row.conditions = [(one, label, one == key) for one, label in known]
        row.levels = [("5", _("At all"), most == "5")] + [
            (level, _("“%(level)s” or worse") % {"level": self.words[level]}, level == most)
            for level in "4321"
        ]

    def reasons(self, chosen: str, *, usual: bool) -> list[Option]:
        """Below which level a reason is asked for; a row may follow the questionnaire."""
        choices: list[tuple[str, Any]] = [("", _("As everywhere"))] if usual else []
        choices.append(("0", _("Never")))
        choices += [
            (str(int(level) + 1), _("At “%(level)s” or worse") % {"level": self.words[level]})
            for level in "1234"
        ]
        choices.append(("6", _("Always")))
        chosen = "0" if chosen == "1" else chosen  # no level is below the lowest
        return [(value, label, value == chosen) for value, label in choices]
