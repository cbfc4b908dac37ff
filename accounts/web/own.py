"""One's own page: who I am here, my language, my password, my leave."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain import people, queries
from accounts.errors import AccountRefused
from accounts.models import Leave, User
from accounts.web.answers import DONE, changed, submit
from accounts.web.forms import ChangePasswordForm, LeaveForm, ProfileForm

PERSONAL = ("name", "phone", "email", "language")


def me(request: HttpRequest) -> User:
    return cast(User, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, telephone, e-mail and language can be changed; roles are given by an administrator."""
    person = me(request)
    form = ProfileForm(
        request.POST or None, initial={name: getattr(person, name) for name in PERSONAL}
    )
    if request.method != "POST":
        return show(request, form=form)
    status = submit(
        form, lambda given: people.edit_person(by=person, person=person, **changed(form, given))
    )
    if status != DONE:
        person.refresh_from_db()
        return show(request, form=form, status=status)
    translation.activate(person.language)
    messages.success(request, _("Saved."))
    answer = redirect("accounts:profile")
    # The switch in the top bar is for the moment; what is saved here holds from now on.
    answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return answer


def show(
    request: HttpRequest,
    *,
    form: ProfileForm | None = None,
    leave_form: LeaveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person = me(request)
    page = {
        "form": form or ProfileForm(initial={name: getattr(person, name) for name in PERSONAL}),
        "leave_form": leave_form or LeaveForm(person=person),
        "memberships": person.memberships.select_related("department").order_by("-since", "-pk"),
        "leaves": queries.leaves_of(person, timezone.localdate()),
    }
    return render(request, "accounts/profile.html", page, status=status)


@require_POST
def plan_leave(request: HttpRequest) -> HttpResponse:
    person = me(request)
    form = LeaveForm(request.POST, person=person)
    status = submit(form, lambda given: people.plan_leave(by=person, person=person, **given))
    if status != DONE:
        return show(request, leave_form=form, status=status)
    messages.success(request, _("Your leave is planned."))
    return redirect("accounts:profile")


@require_POST
def end_leave(request: HttpRequest, pk: int) -> HttpResponse:
    leave = get_object_or_404(Leave, pk=pk, user=me(request))
    try:
        people.end_leave(by=me(request), leave=leave)
    except AccountRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The leave is ended."))
    return redirect("accounts:profile")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password: the other sessions end, this one goes on."""
    person = me(request)
    form = ChangePasswordForm(request.POST or None, person=person)

    def run(given: dict[str, Any]) -> None:
        people.choose_password(person=person, password=given["password"])
        update_session_auth_hash(request, person)

    status = submit(form, run) if request.method == "POST" else 200
    if status == DONE:
        messages.success(request, _("Your password is changed. Other devices are signed out."))
        return redirect("accounts:profile")
    return render(request, "accounts/password.html", {"form": form}, status=status)
