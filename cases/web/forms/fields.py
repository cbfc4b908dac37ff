"""Fields that our forms have in common."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from itertools import zip_longest
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from accounts.models import User
from cases.domain import causes
from cases.domain.causes import Line, Row, Why
from cases.domain.files import ALLOWED
from cases.domain.options import Options, grouped
from cases.models import Case, CorrectiveAction
from workflows.domain.context import now

CHOOSE = _("Please choose")
# The end of a working day: when something is due "on" a day.
DAY_ENDS = time(17, 30)
USUAL_DAYS = 14
YEARS = (2000, 2100)


class Long(forms.CharField):
    """A text of several lines."""

    def __init__(self, *, rows: int = 4, **given: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **given)


class Lines(Long):
    """One thing a line; becomes the list of them."""

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class Pick(forms.ChoiceField):
    """One of the page's options; becomes the row that was chosen (None when left empty)."""

    # A row that is chosen already, though it may be on offer no longer.
    kept: Any = None

    def __init__(self, kind: str, **given: Any) -> None:
        super().__init__(**given)
        self.kind = kind

    def offer(self, options: Options) -> None:
        """Take the choices from the options of the page, when they are first asked for."""
        options.want(self.kind)
        self.options = options
        self.choices = self.labels

    def labels(self) -> list[tuple[Any, Any]]:
        found = self.options.found[self.kind]
        empty: list[tuple[Any, Any]] = [("", CHOOSE if self.required else "—")]
        if self.kept is not None and all(one.pk != self.kept.pk for one in found):
            empty.append((self.kept.pk, str(self.kept)))
        if self.kind == "person":
            return [*empty, *grouped(found)]
        if self.kind in {"product", "department"}:
            return [*empty, *((one.pk, indent(one.text) + one.label) for one in found)]
        return [*empty, *((one.pk, one.label) for one in found)]

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, "pk", value)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        return self.options.pick(self.kind, int(text)) or self.kept


class PickMany(forms.MultipleChoiceField):
    """Several of the page's options, as boxes to tick; becomes the rows that were chosen."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, kind: str, **given: Any) -> None:
        super().__init__(**given)
        self.kind = kind

    def offer(self, options: Options) -> None:
        options.want(self.kind)
        self.options = options
        self.choices = self.labels

    def labels(self) -> list[tuple[Any, Any]]:
        return [(one.pk, one.label) for one in self.options.found[self.kind]]

    def clean(self, value: Any) -> list[Any]:
        return [self.options.pick(self.kind, int(key)) for key in super().clean(value)]


class PickSome(PickMany):
    """The same out of a long list: a box to search in, the chosen ones as labels."""

    def __init__(self, kind: str, **given: Any) -> None:
        super().__init__(kind, widget=forms.SelectMultiple(attrs={"data-search": True}), **given)

    def labels(self) -> list[tuple[Any, Any]]:
        return [(one.pk, indent(one.text) + one.label) for one in self.options.found[self.kind]]


class SharesInput(forms.Widget):
    """Rows of a department and its per cent; the form's template writes them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[str, str]]:
        if not hasattr(data, "getlist"):
            return list(data.get(name, []))
        departments, parts = (data.getlist(f"{name}_{part}") for part in ("department", "percent"))
        return list(zip(departments, parts, strict=False))


class Shares(forms.Field):
    """The shares of a ruling: (department, per cent), the empty rows left out."""

    widget = SharesInput
    ROWS = 4
    MOST = 12
    value: Any = ()

    def offer(self, options: Options) -> None:
        options.want("department")
        self.options = options

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The rows as the template draws them: those given, and empty ones."""
        choices = [("", "—")]
        choices += [
            (str(one.pk), indent(one.text) + one.label) for one in self.options.found["department"]
        ]
        given = [(str(key), str(part)) for key, part in self.value][: self.MOST]
        empty = [("", "")] * max(1, self.ROWS - len(given))
        return [
            {"department": key, "percent": part, "choices": choices} for key, part in given + empty
        ]

    def clean(self, value: Any) -> list[tuple[Any, int]]:
        self.value = [(key, part) for key, part in value or [] if key or part.strip()]
        if len(self.value) > self.MOST:
            raise ValidationError(_("At most %(n)s departments.") % {"n": self.MOST})
        return [self.one(key, part.strip()) for key, part in self.value]

    def one(self, key: str, part: str) -> tuple[Any, int]:
        usable = key.isascii() and key.isdigit() and len(key) < 10
        department = self.options.pick("department", int(key)) if usable else None
        if department is None:
            raise ValidationError(_("Choose a department for each share."))
        if not (part.isascii() and part.isdigit() and len(part) <= 3):
            raise ValidationError(_("A share is a whole number from 1 to 100."))
        return department, int(part)


def indent(path: str) -> str:
    """Depth in a tree, seen in a select: the company itself and its departments stand left."""
    return "\u3000" * max(path.count("/") - 3, 0)


class Files(forms.FileInput):
    allow_multiple_selected = True


class Uploads(forms.FileField):
    """Any number of files; what they may be is checked by the command."""

    widget = Files

    def __init__(self, **given: Any) -> None:
        kinds = ",".join(ALLOWED)
        widget = Files(attrs={"multiple": True, "accept": kinds, "data-accept": kinds})
        super().__init__(**{"required": False, "widget": widget, **given})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not given:
            raise ValidationError(self.error_messages["required"], "required")
        return list(given)


class Due(forms.DateTimeField):
    """A moment to be typed in the company's time zone."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("initial", usual_due)
        widget = forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "step": 60}
        )
        super().__init__(widget=widget, **given)

    def clean(self, value: Any) -> datetime | None:
        moment = super().clean(value)
        if moment is not None and not YEARS[0] <= moment.year <= YEARS[1]:
            raise ValidationError(_("This is not a year we plan for."), "year")
        return moment


class Moment(Due):
    """A moment that has been: nothing is proposed."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"initial": None, **given})


def usual_due() -> datetime:
    """Two weeks from today, at the end of the day."""
    day = timezone.localdate(now()) + timedelta(days=USUAL_DAYS)
    return datetime.combine(day, DAY_ENDS, timezone.get_current_timezone())


class OutlineInput(forms.Widget):
    """Rows of a sentence and its level; the form's template writes them.

    Sent as `<name>` and, parallel to it, `<name>-level` from 1: the how-manieth “why” it is.
    A sentence without a level asks the next “why” of the one before it.
    """

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Why]:
        if not hasattr(data, "getlist"):
            return list(data.get(name, []))
        sentences, levels = data.getlist(name), data.getlist(f"{name}-level")
        return [
            why(sentence, level)
            for sentence, level in zip_longest(sentences, levels[: len(sentences)], fillvalue="")
        ]


def why(sentence: str, level: str) -> Why:
    level = level.strip()
    whole = level.isascii() and level.isdigit() and len(level) < 3
    return [max(int(level) - 1, 0), sentence] if whole else sentence


class OutlineBound(forms.BoundField):
    @property
    def lines(self) -> list[Line]:
        """The rows as the template draws them: what is there, and empty ones to type into."""
        rows: list[Row] = []
        for given in self.value() or []:
            depth, sentence = (None, given) if isinstance(given, str) else given
            if not sentence.strip():
                continue
            below = rows[-1][0] + 1 if rows else 0
            rows.append([below if depth is None else min(depth, below), sentence])
        empty = Line(0, "", (), is_root=False)
        return [*causes.drawn(rows), *[empty] * max(Whys.ROWS - len(rows), 2)]


class Whys(forms.Field):
    """A 5-Why tree as an outline: rows of depth and sentence, the empty ones left out."""

    widget = OutlineInput
    ROWS = 5

    def get_bound_field(self, form: Any, field_name: str) -> OutlineBound:
        return OutlineBound(form, self, field_name)

    def clean(self, value: Any) -> list[Why]:
        rows = [row for row in value or [] if sentence_of(row).strip()]
        if self.required and not rows:
            raise ValidationError(_("Ask “why” at least once."), "required")
        return rows


def sentence_of(row: Any) -> str:
    """The sentence of a row of an outline; other rows as they are."""
    return str(row[1] if isinstance(row, list | tuple) and len(row) == 2 else row)


class Insisted(forms.BooleanField):
    """That a wording is meant as it stands; asked for only where one was pointed out."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            label=_("The wording is meant as it stands"),
            required=False,
            widget=forms.HiddenInput,
            **given,
        )

    def show(self) -> None:
        self.widget = forms.CheckboxInput()


class ActionNumber(forms.CharField):
    """The number of an action of a case that the person may see; becomes that action."""

    by: User

    def clean(self, value: Any) -> CorrectiveAction:
        number = super().clean(value).upper()
        seen = Case.objects.visible_to(self.by)
        found = CorrectiveAction.objects.filter(number=number, case__in=seen).first()
        if found is None:
            raise ValidationError(
                gettext("There is no action %(number)s that you may see.") % {"number": number}
            )
        return found


class CaseNumber(forms.CharField):
    """The number of another case that the person may see; becomes that case."""

    by: User
    # Which cases come to mind: [(number, title)].
    near: Callable[[], Sequence[tuple[str, str]]] = staticmethod(list)

    def clean(self, value: Any) -> Case:
        number = super().clean(value).upper()
        found = Case.objects.visible_to(self.by).filter(number=number).first()
        if found is None:
            raise ValidationError(
                gettext("There is no case %(number)s that you may see.") % {"number": number}
            )
        return found
