"""A period against the one before: how far a score rose or fell, and what to hold against that.

Two marks: the questionnaire changed (the question is worded, weighed or scaled otherwise, or is
asked of others), and the difference lies inside the interval (chance alone could make it).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import hypot
from typing import Any

from surveys.domain.evidence import campaigns_of
from surveys.domain.periods import Period
from surveys.domain.questionnaires import Form, read
from surveys.enums import Mark
from surveys.models import Questionnaire

Line = dict[str, Any]
# What of a sub-item must be the same for two periods to be compared, by its key.
Asked = dict[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Change:
    """A line of the index in two periods; `points` is None where one of them has no score."""

    key: str
    now: Line
    before: Line | None
    points: Decimal | None
    marks: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        return self.points is not None and Mark.INSIDE_INTERVAL not in self.marks


def change(now: Line, before: Line | None, *, changed: bool = False) -> Change:
    """`changed`: the questionnaire is not what it was here."""
    old = before["score"] if before else None
    if before is None or old is None or now["score"] is None:
        return Change(now["key"], now, before, None)
    points = Decimal(now["score"]) - Decimal(str(old))
    marks = [Mark.QUESTIONNAIRE_CHANGED] if changed else []
    if points and inside(points, now, before):
        marks.append(Mark.INSIDE_INTERVAL)
    return Change(now["key"], now, before, points, tuple(map(str, marks)))


def inside(points: Decimal, now: Line, before: Line) -> bool:
    """Whether 0 lies in the 95 % interval of the difference of two independent scores. Where
    neither has an interval nothing is known of chance, so the difference is not relied on."""
    halves = [half(line) for line in (now, before)]
    if all(one is None for one in halves):
        return True
    return abs(float(points)) <= hypot(*(one or 0.0 for one in halves))


def half(line: Line) -> float | None:
    """Half the width of an interval; that of an end cut off by the scale is the other half."""
    ends = line.get("interval")
    if not ends:
        return None
    score = Decimal(line["score"])
    return float(max(score - Decimal(ends[0]), Decimal(ends[1]) - score))


# ---------------------------------------------------------------------------- questionnaires
@dataclass(frozen=True)
class Asking:
    """What the questionnaires of each source asked, now and before."""

    now: dict[str, Asked]
    before: dict[str, Asked]

    def changed(self, source: str, keys: Iterable[str]) -> bool:
        """Whether one of these sub-items is asked otherwise than before. A period of which no
        questionnaire is known changed nothing."""
        mine, other = self.now.get(source), self.before.get(source)
        if mine is None or other is None:
            return False
        return any(mine.get(key) != other.get(key) for key in keys)

    def changed_item(self, source: str, item: str, keys: Iterable[str]) -> bool:
        """Also where a sub-item was left out since."""
        gone = [key for key, what in self.before.get(source, {}).items() if what[0] == item]
        return self.changed(source, [*keys, *gone])

    def changed_source(self, source: str) -> bool:
        return self.changed(source, [*self.now.get(source, {}), *self.before.get(source, {})])


def asking(period: Period, before: Period) -> Asking:
    """Two statements."""
    rows = list(campaigns_of(period).values_list("period", "source", "questionnaire"))
    rows += campaigns_of(before).values_list("period", "source", "questionnaire")
    documents = Questionnaire.objects.filter(pk__in={row[2] for row in rows} - {None})
    forms = {pk: read(document) for pk, document in documents.values_list("pk", "document")}
    halves = {half.code for half in period.halves}
    found: tuple[dict[str, dict[int, Form]], ...] = ({}, {})
    for code, source, questionnaire in rows:
        if questionnaire in forms:
            side = found[0 if code in halves else 1]
            side.setdefault(source, {})[questionnaire] = forms[questionnaire]
    now, then = ({source: asked(some) for source, some in side.items()} for side in found)
    return Asking(now, then)


def asked(forms: dict[int, Form]) -> Asked:
    """Every sub-item of these questionnaires as it was asked, the newest one's word holding."""
    whole: Asked = {}
    for pk in sorted(forms):
        whole |= dict(described(forms[pk]))
    return whole


def described(form: Form) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for item in form.items:
        for sub in item.subitems:
            what = (item.key, item.weight, sub.name, sub.weight, sub.show_if, form.labels)
            yield sub.key, what
