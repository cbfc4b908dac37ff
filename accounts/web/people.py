"""Administration of people: the list, a person with roles and history, what may be done."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain import duties, memberships, passwords, past, people, queries
from accounts.errors import AccountRefused
from accounts.models import Membership, User
from accounts.web.access import administrators
from accounts.web.answers import DONE, changed, submit
from accounts.web.forms import GrantForm, NewPersonForm, PeopleFilterForm, PersonForm
from accounts.web.own import me
from accounts.web.places import sections

FIELDS = ("username", "name", "phone", "email", "language")
ACTIVE = {"": True, "no": False, "all": None}


@administrators
@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """Search and filters combine; pages go by key."""
    form = PeopleFilterForm(request.GET)
    form.is_valid()
    given = form.cleaned_data
    found = queries.find_people(
        text=given.get("q", ""),
        department=given.get("department"),
        role=given.get("role", ""),
        active=ACTIVE[given.get("active", "")],
    )
    after, before = (request.GET.get(name, "").replace("\x00", "") for name in ("after", "before"))
    page = queries.page_of_people(found, after=after, before=before)
    context = {
        "filters": form,
        "filtered": any(given.values()),
        "page": page,
        "pager": pager(request, page),
        "tabs": sections(request, "people"),
    }
    return render(request, "accounts/people.html", context)


def pager(request: HttpRequest, page: queries.Page) -> dict[str, str]:
    """Addresses of the neighbouring pages that keep the filters."""
    addresses = {}
    for label, name, key in (
        ("prev_url", "before", page.before),
        ("next_url", "after", page.after),
    ):
        if key is not None:
            query = request.GET.copy()
            query.pop("after", None)
            query.pop("before", None)
            query[name] = key
            addresses[label] = f"?{query.urlencode()}"
    return addresses


@administrators
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: HttpRequest) -> HttpResponse:
    """A person with a first role; the answer shows the link they sign in with, once."""
    form = NewPersonForm(request.POST or None, initial={"language": settings.LANGUAGE_CODE})
    made: list[User] = []

    def run(given: dict[str, Any]) -> None:
        place = {name: given.pop(name) for name in ("department", "role")}
        with transaction.atomic():
            person = people.add_person(by=me(request), **given)
            people.grant(by=me(request), person=person, **place)
        made.append(person)

    status = submit(form, run) if request.method == "POST" else 200
    if status == DONE:
        return show_link(request, made[0], is_new=True)
    page = {"form": form, "tabs": sections(request, "people")}
    return render(request, "accounts/person_add.html", page, status=status)


@administrators
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, get_object_or_404(User, pk=pk))


def show(
    request: HttpRequest,
    shown: User,
    *,
    grant_form: GrantForm | None = None,
    refusal: Any = None,
    status: int = 200,
) -> HttpResponse:
    held = list(
        shown.memberships.select_related("department", "granted_by").order_by("-since", "-pk")
    )
    work = duties.work_of(shown)
    leaders = queries.leaders_of({each.department.pk for each in work if each.department})
    page = {
        "person": shown,
        "open_roles": [
            (each, memberships.why_role_kept(each)) for each in held if each.until is None
        ],
        "ended_roles": [each for each in held if each.until is not None],
        "work": [
            (each, leaders.get(each.department.pk, []) if each.department else []) for each in work
        ],
        "why_kept": people.why_not_deactivate(by=me(request), person=shown),
        "grant_form": grant_form or GrantForm(),
        "entries": past.of_person(shown),
        "refusal": refusal,
        "tabs": sections(request, "people"),
    }
    return render(request, "accounts/person.html", page, status=status)


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def edit_person(request: HttpRequest, pk: int) -> HttpResponse:
    edited = get_object_or_404(User, pk=pk)
    form = PersonForm(
        request.POST or None, initial={name: getattr(edited, name) for name in FIELDS}
    )
    status = 200
    if request.method == "POST":
        status = submit(
            form,
            lambda given: people.edit_person(by=me(request), person=edited, **changed(form, given)),
        )
        edited.refresh_from_db()
    if status == DONE:
        messages.success(request, _("Saved."))
        return redirect("accounts:person", pk)
    page = {"form": form, "person": edited, "tabs": sections(request, "people")}
    return render(request, "accounts/person_edit.html", page, status=status)


@administrators
@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    form = GrantForm(request.POST)
    status = submit(form, lambda given: people.grant(by=me(request), person=person, **given))
    if status != DONE:
        return show(request, person, grant_form=form, status=status)
    messages.success(request, _("The role is given."))
    return redirect("accounts:person", pk)


@administrators
@require_POST
def end_role(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    ended = get_object_or_404(Membership, pk=membership, user=pk)
    return act(
        request,
        ended.user,
        lambda: people.end_membership(by=me(request), membership=ended),
        _("The role is ended."),
    )


@administrators
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    return act(
        request,
        person,
        lambda: people.deactivate(by=me(request), person=person),
        _("%(name)s is deactivated and signed out.") % {"name": person.name},
    )


@administrators
@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    return act(
        request,
        person,
        lambda: people.reactivate(by=me(request), person=person),
        _("%(name)s is active again.") % {"name": person.name},
    )


def act(request: HttpRequest, person: User, run: Any, said: str) -> HttpResponse:
    """Run a command without input; a refusal shows the person's page again with its reason."""
    try:
        run()
    except AccountRefused as refusal:
        return show(request, person, refusal=refusal.message, status=refusal.status)
    messages.success(request, said)
    return redirect("accounts:person", person.pk)


@administrators
@never_cache
@require_POST
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    try:
        people.reset_password(by=me(request), person=person)
    except AccountRefused as refusal:
        return show(request, person, refusal=refusal.message, status=refusal.status)
    return show_link(request, person)


def show_link(request: HttpRequest, person: User, *, is_new: bool = False) -> HttpResponse:
    """The link is in this answer and nowhere else; it is made of the site's own address."""
    key = passwords.key_for(person)
    path = reverse("accounts:choose_password", args=[key.uid, key.token])
    page = {
        "person": person,
        "link": f"{settings.SITE_URL}{path}",
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "is_new": is_new,
        "tabs": sections(request, "people"),
    }
    return render(request, "accounts/one_time_link.html", page)
