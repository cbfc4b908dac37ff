"""What a revision changes against the one before it: found by keys, which stay the same."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from surveys.domain.questionnaires import Condition, Form, Item, OpenQuestion, SubItem, placed

Row = Item | SubItem | OpenQuestion


@dataclass(frozen=True)
class Change:
    """One line of the comparison; an added or removed question has one side only."""

    label: str
    before: str
    after: str


def changes(before: Form, after: Form) -> list[Change]:
    """Everything an approver wants to know, in the order of the new revision."""
    old = {row.key: row for _place, row in placed(before)}
    new = {row.key: row for _place, row in placed(after)}
    found = [
        Change(_("Labels of the levels"), words(before), words(after)),
        *(Change(_("Added"), "", row.label) for key, row in new.items() if key not in old),
        *(Change(_("Removed"), row.label, "") for key, row in old.items() if key not in new),
        *(one for key, row in new.items() if key in old for one in differences(old[key], row)),
        *(
            Change(label, before.texts.get(name, ""), after.texts.get(name, ""))
            for name, label in texts().items()
        ),
    ]
    if [key for key in old if key in new] != [key for key in new if key in old]:
        found.append(Change(_("Order of the questions"), "", _("They stand in another order.")))
    return [one for one in found if one.before != one.after]


def texts() -> dict[str, str]:
    return {
        "intro": _("Introduction"),
        "intro_en": _("Introduction in English"),
        "thanks": _("Thanks"),
        "thanks_en": _("Thanks in English"),
    }


def words(form: Form) -> str:
    return " / ".join(str(form.label(level)) for level in "54321")


def differences(before: Row, after: Row) -> list[Change]:
    """What changed of one question; weights and conditions are named with it."""
    found = [Change(_("Wording"), before.name, after.name)]
    found.append(Change(_("English wording"), before.name_en, after.name_en))
    for label, part in (
        (_("Weight of “%(name)s”"), weight_of),
        (_("Condition of “%(name)s”"), condition_of),
        (_("Reason asked at “%(name)s”"), reason_of),
    ):
        found.append(Change(label % {"name": after.label}, part(before), part(after)))
    return found


def weight_of(row: Row) -> str:
    return "" if isinstance(row, OpenQuestion) else f"{row.weight.normalize():f}"


def condition_of(row: Row) -> str:
    condition: Condition | None = None if isinstance(row, Item) else row.show_if
    return f"{condition.key} ≤ {condition.at_most}" if condition else ""


def reason_of(row: Row) -> str:
    below: Any = row.reason_below if isinstance(row, SubItem) else 0
    return f"< {below}" if below else ""
