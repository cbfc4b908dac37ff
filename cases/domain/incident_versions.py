"""The policy of major incidents in versions: making a new one, and what it says otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import User
from cases.domain.severity import brief, matrix_rows
from cases.enums import Extent, Harm, Severity
from cases.models import IncidentPolicy
from cases.validators import Problems
from workflows.domain import deadlines, policies, versions
from workflows.domain.changes import FieldChange
from workflows.domain.context import now
from workflows.domain.transitions import business_transaction

Matrix = Mapping[str, Mapping[str, str]]


class Limits(NamedTuple):
    """What a figure may be."""

    label: Any
    least: int
    most: int


FIGURES = {
    "quorum_percent": Limits(gettext_lazy("quorum of a joint review in per cent"), 1, 100),
    "appeal_days": Limits(gettext_lazy("days for an appeal"), 1, 365),
    "watch_days": Limits(gettext_lazy("days the effect is watched"), 1, 730),
}
HOURS_LABEL = gettext_lazy("working hours for a party's statement")
PHRASES_LABEL = gettext_lazy("Wordings that are no measure")
MOST_PHRASES, SHORTEST, LONGEST = 100, 2, 60


def cell_name(harm: str, extent: str) -> str:
    """What a form and an error call a cell of the matrix."""
    return f"matrix.{harm}.{extent}"


def new_incident_policy(
    *,
    by: User,
    holds_from: date,
    reason: str,
    matrix: Matrix,
    quorum_percent: int,
    hearing_hours: Decimal,
    appeal_days: int,
    watch_days: int,
    vague_phrases: Sequence[str],
    seen: int | None = None,
    supersede: bool = False,
) -> IncidentPolicy:
    """A new version: guard → lock → check → save. Cases that run keep what was decided before.

    `seen` and `supersede` as in `new_case_policy`. Raises Forbidden, Stale, and ValidationError
    by field; a cell of the matrix is the field `cell_name` says.
    """
    versions.guard(by)
    with business_transaction():
        versions.hold(IncidentPolicy, seen=seen)
        problems = Problems()
        opening = versions.opening(
            IncidentPolicy,
            by=by, holds_from=holds_from, reason=reason, supersede=supersede,
            found=problems.found,
        )  # fmt: skip
        figures = {
            "quorum_percent": quorum_percent,
            "appeal_days": appeal_days,
            "watch_days": watch_days,
        }
        check_figures(problems, figures)
        check_hours(problems, hearing_hours)
        cells = checked_matrix(problems, matrix)
        phrases = checked_phrases(problems, vague_phrases)
        problems.check()
        return IncidentPolicy.objects.create(
            matrix=cells, hearing_hours=hearing_hours, vague_phrases=phrases, **figures, **opening
        )


def check_figures(problems: Problems, figures: Mapping[str, int]) -> None:
    for name, value in figures.items():
        limits = FIGURES[name]
        if not limits.least <= value <= limits.most:
            problems.add(
                name,
                _("Between %(least)s and %(most)s.") % {"least": limits.least, "most": limits.most},
            )


def check_hours(problems: Problems, hours: Decimal) -> None:
    """Working hours as deadlines have them, that end within reach of the calendar."""
    least, most = policies.LEAST, policies.MOST
    if not hours.is_finite() or not least <= hours <= most or hours % Decimal("0.01"):
        problems.add(
            "hearing_hours",
            _("Between %(least)s and %(most)s hours, with two decimals.")
            % {"least": least, "most": most},
        )
        return
    try:
        deadlines.due_in(hours, at=now())
    except ValueError:
        problems.add("hearing_hours", _("With this working week that lies years ahead."))


def checked_matrix(problems: Problems, matrix: Matrix) -> dict[str, dict[str, str]]:
    """All sixteen cells, each with a severity there is."""
    for harm in Harm:
        for extent in Extent:
            if matrix.get(harm, {}).get(extent) not in Severity.values:
                problems.add(cell_name(harm, extent), _("Choose one of the list."))
    return {
        str(harm): {str(extent): str(matrix.get(harm, {}).get(extent, "")) for extent in Extent}
        for harm in Harm
    }


def checked_phrases(problems: Problems, phrases: Sequence[str]) -> list[str]:
    """The wordings as they may be stored; each is there once, however it is written."""
    kept: dict[str, str] = {}
    for phrase in phrases:
        text = problems.text("vague_phrases", phrase, most=LONGEST, lines=False)
        if len(text) < SHORTEST:
            problems.add(
                "vague_phrases",
                _("“%(text)s” is too short; at least %(least)s letters.")
                % {"text": text, "least": SHORTEST},
            )
        elif text.casefold() in kept:
            problems.add("vague_phrases", _("“%(text)s” stands there twice.") % {"text": text})
        kept.setdefault(text.casefold(), text)
    if len(phrases) > MOST_PHRASES:
        problems.add("vague_phrases", _("At most %(most)s wordings.") % {"most": MOST_PHRASES})
    return list(kept.values())


# ---------------------------------------------------------------------------- reading
def all_versions() -> list[versions.Version]:
    """Every version of the policy, the one made last first: one statement."""
    return versions.story(IncidentPolicy.objects.select_related("made_by"), at=now())


def facts(row: IncidentPolicy) -> list[tuple[str, Any]]:
    """What a version says besides its matrix."""
    named = [(str(capfirst(limits.label)), getattr(row, name)) for name, limits in FIGURES.items()]
    named.insert(1, (str(capfirst(HOURS_LABEL)), policies.words(row.hearing_hours)))
    return [*named, (str(PHRASES_LABEL), phrase_words(row.vague_phrases))]


def changes(older: IncidentPolicy, newer: IncidentPolicy) -> Iterator[FieldChange]:
    """What a version says otherwise than the one before it: cell by cell, figure by figure."""
    pairs = [
        (label, str(before), str(after))
        for (label, before), (_label, after) in zip(facts(older), facts(newer), strict=True)
        if label != str(PHRASES_LABEL)
    ]
    was = dict(cells(older))
    pairs += [(label, was[label], severity) for label, severity in cells(newer)]
    for label, before, after in pairs:
        if before != after:
            yield FieldChange(label, before, after)
    gone = [phrase for phrase in older.vague_phrases if phrase not in newer.vague_phrases]
    come = [phrase for phrase in newer.vague_phrases if phrase not in older.vague_phrases]
    if gone or come:
        yield FieldChange(str(PHRASES_LABEL), phrase_words(gone), phrase_words(come))


def cells(row: IncidentPolicy) -> Iterator[tuple[str, str]]:
    """“Serious × A batch”, and the severity that is proposed there."""
    for harm, line in matrix_rows(row.matrix):
        for extent, severity in line:
            yield f"{brief(harm.label)} × {brief(extent.label)}", str(severity.label)


def phrase_words(phrases: Sequence[str]) -> str:
    return _(", ").join(phrases) or "–"
