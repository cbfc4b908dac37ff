"""Working calendars on screen: a year at a glance, a day, a week, a year's list."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import may_keep_rules
from accounts.web.access import only
from accounts.web.own import me
from accounts.web.places import sections
from workflows.domain import calendar_books, calendar_keeping as keeping, calendar_view
from workflows.domain.calendar_lists import write_list
from workflows.domain.calendar_seed import DayDraft, known_years, published_days
from workflows.domain.calendars import ONE_DAY, read_week
from workflows.domain.versions import FARTHEST
from workflows.models import CalendarChange, CalendarDay, CalendarYear, WorkingCalendar
from workflows.web.attempt import DONE, attempt
from workflows.web.calendar_forms import DayForm, OwnCalendarForm, WeekForm, YearForm

keepers = only(may_keep_rules)
FIRST_YEAR = known_years()[0]
LAST_CHANGES = 20


def all_calendars() -> list[WorkingCalendar]:
    rows = WorkingCalendar.objects.select_related("department")
    return sorted(rows, key=lambda one: (not one.is_default, one.label))


def calendar_or_404(pk: int) -> WorkingCalendar:
    rows = WorkingCalendar.objects.select_related("department")
    return get_object_or_404(rows, pk=min(pk, 2**62))


def frame(
    request: HttpRequest, shown: WorkingCalendar | None, calendars: list[WorkingCalendar]
) -> dict[str, Any]:
    """The sections of the administration, and below them one tab for each calendar."""
    kinds = [
        {
            "label": one.label,
            "url": reverse("workflows:calendar", args=[one.pk]),
            "active": shown is not None and one.pk == shown.pk,
            "icon": "" if one.is_default else "sitemap",
            "count": None,
        }
        for one in calendars
    ]
    return {"tabs": sections(request, "calendars"), "kinds": kinds, "calendar": shown}


def year_wanted(request: HttpRequest) -> int:
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) == 4 else 0
    return year_or_404(year or keeping.today().year)


def year_or_404(year: int) -> int:
    if not FIRST_YEAR <= year <= (keeping.today() + FARTHEST).year:
        raise Http404
    return year


def said(moved: int) -> str:
    """What a change did to the open steps."""
    if not moved:
        return _("Saved. No open step had to be moved.")
    return ngettext(
        "Saved. The due date of %(n)s open step was moved.",
        "Saved. The due dates of %(n)s open steps were moved.",
        moved,
    ) % {"n": moved}


def about(shown: WorkingCalendar) -> Q:
    """The changes of a calendar; what holds for the whole company stands with the default."""
    return Q(calendar=shown) | Q(calendar=None) if shown.is_default else Q(calendar=shown)


@keepers
@require_safe
def calendar(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A year of a calendar, its weeks, who works by it, and what was changed last."""
    calendars = all_calendars()
    if not calendars:
        nothing = {"tabs": sections(request, "calendars")}
        return render(request, "workflows/calendar_none.html", nothing)
    shown = calendar_or_404(pk) if pk else calendars[0]
    year, today = year_wanted(request), keeping.today()
    changes = CalendarChange.objects.select_related("by", "calendar")
    published = CalendarYear.objects.select_related("published_by").filter(year=year).first()
    followers = calendar_view.followers(calendars)
    page = {
        "year": calendar_view.year_of(shown, year),
        "number": year,
        "heads": calendar_view.heads(),
        "today": today,
        "published": published,
        "may_publish": date(year, 12, 31) > today,
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < (today + FARTHEST).year else None,
        "weeks": shown.weeks.order_by("-begins"),
        "followers": [one for one in followers if shown.is_default or one.calendar == shown],
        "changes": changes.filter(about(shown))[:LAST_CHANGES],
        **frame(request, shown, calendars),
    }
    return render(request, "workflows/calendar.html", page)


@keepers
@require_http_methods(["GET", "HEAD", "POST"])
def day(request: HttpRequest, pk: int, when: date) -> HttpResponse:
    """What a day to come is."""
    shown = calendar_or_404(pk)
    year_or_404(when.year)
    row = CalendarDay.objects.filter(calendar=keeping.owner_of(shown), date=when).first()
    form = DayForm(request.POST or None, initial=DayForm.held(row))
    moved: list[int] = []

    def change(given: dict[str, Any]) -> None:
        if given["kind"]:
            draft = DayDraft(date=when, **given)
            moved.append(keeping.set_day(by=me(request), calendar=shown, draft=draft))
        else:
            moved.append(keeping.clear_day(by=me(request), calendar=shown, day=when))

    status = attempt(form, change) if request.method == "POST" else 200
    if status == DONE:
        messages.success(request, said(moved[0]))
        return redirect(f"{reverse('workflows:calendar', args=[pk])}?year={when.year}")
    page = {"form": form, "day": when, "past": when <= keeping.today()}
    page |= frame(request, shown, all_calendars())
    return render(request, "workflows/calendar_day.html", page, status=status)


@keepers
@require_http_methods(["GET", "HEAD", "POST"])
def week(request: HttpRequest, pk: int) -> HttpResponse:
    """Another week from a day to come on, filled in from the one that holds."""
    shown = calendar_or_404(pk)
    held = shown.weeks.order_by("-begins").exclude(week={}).first()
    form = WeekForm(
        request.POST or None,
        week=read_week(held.week) if held else {},
        follows=not shown.is_default,
        initial={"begins": keeping.today() + ONE_DAY},
    )
    moved: list[int] = []

    def change(_given: dict[str, Any]) -> None:
        moved.append(keeping.set_week(by=me(request), calendar=shown, **form.given()))

    status = attempt(form, change) if request.method == "POST" else 200
    if status == DONE:
        messages.success(request, said(moved[0]))
        return redirect("workflows:calendar", pk)
    page = {"form": form, "title": _("Change the week")}
    page |= frame(request, shown, all_calendars())
    return render(request, "workflows/calendar_week.html", page, status=status)


@keepers
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """A calendar of its own for a department, filled in with the company's week."""
    calendars = all_calendars()
    if not calendars:
        raise Http404
    book = calendar_books.current()
    week = calendar_view.calendar_of(calendars[0], book).periods[-1].week
    form = OwnCalendarForm(
        request.POST or None,
        week=dict(week),
        follows=False,
        initial={"begins": keeping.today() + ONE_DAY},
    )
    moved: list[int] = []

    def change(_given: dict[str, Any]) -> None:
        moved.append(keeping.own_calendar(by=me(request), **form.given()))

    status = attempt(form, change) if request.method == "POST" else 200
    if status == DONE:
        messages.success(request, said(moved[0]))
        made = WorkingCalendar.objects.get(department=form.cleaned_data["department"])
        return redirect("workflows:calendar", made.pk)
    page = {"form": form, "title": _("A calendar for a department")}
    page |= frame(request, None, calendars)
    return render(request, "workflows/calendar_week.html", page, status=status)


@keepers
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, year: int) -> HttpResponse:
    """The published list of a year: from the package where it knows it, else as it stands."""
    year_or_404(year)
    calendars = all_calendars()
    if not calendars or date(year, 12, 31) <= keeping.today():
        raise Http404
    published = CalendarYear.objects.filter(year=year).exists()
    known = not published and year in known_years()
    stands = CalendarDay.objects.filter(calendar=None, date__year=year)
    initial = write_list(published_days(year) if known else stands)
    form = YearForm(request.POST or None, initial={"days": initial})
    moved: list[int] = []

    def change(given: dict[str, Any]) -> None:
        moved.append(keeping.publish_year(by=me(request), year=year, days=given["days"]))

    status = attempt(form, change) if request.method == "POST" else 200
    if status == DONE:
        messages.success(request, said(moved[0]))
        return redirect(f"{reverse('workflows:calendars')}?year={year}")
    page = {"form": form, "year": year, "known": known, "published": published}
    page |= frame(request, calendars[0], calendars)
    return render(request, "workflows/calendar_publish.html", page, status=status)
