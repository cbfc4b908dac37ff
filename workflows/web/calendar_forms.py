"""The forms of calendars. What the commands check is not checked a second time."""

from typing import Any

from django import forms
from django.utils import dates
from django.utils.translation import gettext_lazy as _

from accounts.web.fields import DepartmentField, LineField
from workflows.domain.calendar_keeping import NAME_LENGTH
from workflows.domain.calendar_lists import read_hours, read_list, write_hours
from workflows.domain.calendars import read_intervals, written
from workflows.domain.versions import REASON_LENGTH
from workflows.enums import DayKind
from workflows.models import CalendarDay

EXAMPLE = """2026-10-01 – 2026-10-07 休 国庆节 / National Day
2026-10-10 班 国庆节 / National Day"""  # chinese: what people write


class HoursField(LineField):
    """Working hours of a day in one line; several stretches with commas."""

    def __init__(self, **given: Any) -> None:
        super().__init__(max_length=120, required=False, **given)
        self.widget.attrs["placeholder"] = "08:30-12:00, 13:00-17:30"

    def clean(self, value: Any) -> Any:
        return read_hours(super().clean(value))


class DayForm(forms.Form):
    """What a day to come is: as the week says, free, or worked."""

    kind = forms.ChoiceField(
        label=_("This day is"),
        choices=[("", _("as the week says")), *DayKind.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    name = LineField(
        label=_("Name"), max_length=NAME_LENGTH, required=False, help_text=_("National Day, say.")
    )
    name_en = LineField(label=_("English name"), max_length=NAME_LENGTH, required=False)
    as_weekday = forms.TypedChoiceField(
        label=_("A working day is worked as"),
        choices=[("", _("the first working day of the week")), *dates.WEEKDAYS.items()],
        coerce=int,
        empty_value=None,
        required=False,
    )
    intervals = HoursField(label=_("or in hours of its own"))

    @staticmethod
    def held(row: CalendarDay | None) -> dict[str, Any]:
        if row is None:
            return {}
        fields = ("kind", "name", "name_en", "as_weekday")
        hours = write_hours(read_intervals(row.intervals))
        return {**{name: getattr(row, name) for name in fields}, "intervals": hours}


class WeekForm(forms.Form):
    """A week of seven lines of hours, from when, and why."""

    begins = forms.DateField(
        label=_("Holds from"), help_text=_("A day to come. Nothing changes before.")
    )
    week = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = LineField(label=_("Reason"), max_length=REASON_LENGTH)

    def __init__(self, data: Any = None, *, week: dict[int, Any], follows: bool, **given: Any):
        initial = {**(given.pop("initial", None) or {})}
        initial |= {f"day{day}": write_hours(hours) for day, hours in week.items()}
        super().__init__(data, initial=initial, **given)
        for day, label in dates.WEEKDAYS.items():
            self.fields[f"day{day}"] = HoursField(label=label)
        if follows:
            self.fields["follow"] = forms.BooleanField(
                label=_("No week of its own any more: as the department above"), required=False
            )
        days = [f"day{day}" for day in dates.WEEKDAYS]
        self.order_fields(["department", "begins", "follow", *days, "week", "reason"])

    def given(self) -> dict[str, Any]:
        """What goes to the command."""
        typed = self.cleaned_data
        hours = {str(day): written(typed[f"day{day}"]) for day in dates.WEEKDAYS}
        week = {day: intervals for day, intervals in hours.items() if intervals}
        given = {name: typed[name] for name in ("begins", "reason")}
        return {**given, "week": {} if typed.get("follow") else week}


class OwnCalendarForm(WeekForm):
    department = DepartmentField(label=_("Department"))

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        field = self.fields["department"]
        assert isinstance(field, DepartmentField)
        field.fill()

    def given(self) -> dict[str, Any]:
        return {**super().given(), "department": self.cleaned_data["department"]}


class YearForm(forms.Form):
    """The published list, a line for each holiday and each make-up day."""

    days = forms.CharField(
        label=_("Free days and make-up working days"),
        widget=forms.Textarea(attrs={"rows": 14, "class": "calendar-list", "placeholder": EXAMPLE}),
        max_length=8000,
        required=False,
        help_text=_(
            "A line each: day or first – last day, 休 (free) or 班 (worked), "
            "name / English name."  # chinese: what people write
        ),
    )

    def clean_days(self) -> Any:
        return read_list(self.cleaned_data["days"])
