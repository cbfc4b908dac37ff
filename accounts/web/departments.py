"""The department tree: drawn for who may look at it, changed by administrators."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain import departments, past, people, queries
from accounts.errors import AccountRefused
from accounts.models import Department
from accounts.permissions import may_administer
from accounts.web.access import administrators, chart_readers
from accounts.web.answers import DONE, changed, submit
from accounts.web.forms import DepartmentForm
from accounts.web.own import me
from accounts.web.places import sections

FIELDS = ("code", "name", "name_en", "function", "parent")


@chart_readers
@require_safe
def chart(request: HttpRequest) -> HttpResponse:
    may_edit = may_administer(request.user)
    page = {
        "roots": queries.tree(inactive=may_edit),
        "may_edit": may_edit,
        "tabs": sections(request, "departments"),
    }
    return render(request, "accounts/departments.html", page)


@chart_readers
@require_safe
def department(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Department.objects.select_related("parent"), pk=pk)
    return show(request, shown)


def show(
    request: HttpRequest, shown: Department, *, refusal: Any = None, status: int = 200
) -> HttpResponse:
    may_edit = may_administer(request.user)
    page = {
        "department": shown,
        "children": shown.children.filter(is_active=True).order_by("code"),
        "members": queries.members_of(shown),
        "entries": past.of_department(shown) if may_edit else [],
        "why_kept": departments.why_kept(shown) if may_edit else None,
        "may_edit": may_edit,
        "refusal": refusal,
        "tabs": sections(request, "departments"),
    }
    return render(request, "accounts/department.html", page, status=status)


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def add_department(request: HttpRequest) -> HttpResponse:
    form = DepartmentForm(request.POST or None, initial={"parent": request.GET.get("below")})
    status = 200
    if request.method == "POST":
        status = submit(form, lambda given: people.add_department(by=me(request), **given))
    if status == DONE:
        messages.success(request, _("The department is added."))
        return redirect("accounts:departments")
    page = {"form": form, "tabs": sections(request, "departments")}
    return render(request, "accounts/department_edit.html", page, status=status)


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def edit_department(request: HttpRequest, pk: int) -> HttpResponse:
    """Names, code and function, and where it hangs: choosing another parent moves it."""
    edited = get_object_or_404(Department, pk=pk)
    initial = {name: getattr(edited, name) for name in FIELDS}
    form = DepartmentForm(request.POST or None, initial=initial, department=edited)
    status = 200
    if request.method == "POST":
        status = submit(
            form,
            lambda given: people.edit_department(
                by=me(request), department=edited, **changed(form, given)
            ),
        )
        edited.refresh_from_db()
    if status == DONE:
        messages.success(request, _("Saved."))
        return redirect("accounts:department", pk)
    page = {"form": form, "department": edited, "tabs": sections(request, "departments")}
    return render(request, "accounts/department_edit.html", page, status=status)


@administrators
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    return switch(request, pk, people.deactivate_department, _("The department is deactivated."))


@administrators
@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    return switch(request, pk, people.reactivate_department, _("The department is active again."))


def switch(request: HttpRequest, pk: int, command: Any, said: str) -> HttpResponse:
    shown = get_object_or_404(Department.objects.select_related("parent"), pk=pk)
    try:
        command(by=me(request), department=shown)
    except AccountRefused as refusal:
        return show(request, shown, refusal=refusal.message, status=refusal.status)
    messages.success(request, said)
    return redirect("accounts:department", pk)
