"""The policy on screen: what holds, what will, what held; drafts, what-if, publishing, files."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.web.access import only
from accounts.web.fields import LineField
from accounts.web.own import me
from cases.web.attempt import DONE, attempt
from surveys.domain import periods, policies, policy as rules_of, policy_file, policy_story
from surveys.domain.policy_document import write
from surveys.domain.policy_story import DRAFT, ENDED, IN_FORCE, OVERTAKEN, PLANNED, Told
from surveys.models import SatisfactionPolicy
from surveys.permissions import may_read, may_set_policy
from surveys.web.forms_policy import PolicyForm
from surveys.web.policy_looks import asked, choices, tables, tried
from surveys.web.tabs import tabs
from workflows.domain.context import now
from workflows.errors import EngineError, Stale

readers, keepers = only(may_read), only(may_set_policy)
UNPROCESSABLE = 422


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Policy as a TOML file"), widget=forms.FileInput(attrs={"accept": ".toml"})
    )


class PublishForm(forms.Form):
    reason = LineField(label=_("Reason"), max_length=policies.REASON_LENGTH)


# ---------------------------------------------------------------------------- reading
def told_to(request: HttpRequest) -> list[Told]:
    """The versions this person may know of: drafts are seen by those who draw them up."""
    found = policy_story.story()
    return found if may_set_policy(request.user) else [one for one in found if one.row.published_at]


def version_of(request: HttpRequest, number: int) -> Told:
    for one in told_to(request):
        if one.row.number == number:
            return one
    raise Http404


@readers
@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    return overview(request, FileForm())


def overview(request: HttpRequest, form: forms.Form, status: int = 200) -> HttpResponse:
    found: dict[str, list[Told]] = {}
    for one in told_to(request):
        found.setdefault(one.standing, []).append(one)
    held = found.get(IN_FORCE, [None])[0]
    page = {
        "held": held,
        "tables": tables(held.row.document) if held else None,
        "planned": found.get(PLANNED, []),
        "drafts": found.get(DRAFT, []),
        "past": found.get(ENDED, []) + found.get(OVERTAKEN, []),
        "may_set": may_set_policy(request.user),
        "file_form": form,
        "period": periods.half_of(now()),
        "tabs": tabs(request),
    }
    return render(request, "surveys/policy.html", page, status=status)


@readers
@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    told = version_of(request, number)
    return show(request, told, PublishForm(initial={"reason": told.row.reason}))


def show(request: HttpRequest, told: Told, form: forms.Form, status: int = 200) -> HttpResponse:
    page = {
        "told": told,
        "row": told.row,
        "is_draft": told.standing == DRAFT,
        "tables": tables(told.row.document),
        "form": form,
        "may_set": may_set_policy(request.user),
        "period": asked(""),
        "tabs": tabs(request),
    }
    return render(request, "surveys/policy_version.html", page, status=status)


@readers
@require_safe
def what_if(request: HttpRequest, number: int) -> HttpResponse:
    """A fragment for the panel of a version; a page of its own without script."""
    told = version_of(request, number)
    page = tried(told.row.document, asked(request.GET.get("period", "")))
    name = "policy_what_if_panel" if request.headers.get("HX-Request") else "policy_what_if"
    return render(request, f"surveys/{name}.html", {**page, "told": told, "tabs": tabs(request)})


@readers
@require_safe
def file(request: HttpRequest, number: int) -> HttpResponse:
    text = policy_file.export_policy(version_of(request, number).row)
    answer = HttpResponse(text, content_type="application/toml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="policy-{number}.toml"'
    return answer


# ---------------------------------------------------------------------------- writing
@keepers
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Filled in from the version in force, or from the one that `from` names."""
    half = periods.half_of(now())
    wanted = request.GET.get("from", "")
    if wanted:
        base = version_of(request, int(wanted[:9]) if wanted.isascii() and wanted.isdigit() else 0)
        document = base.row.document
    else:
        held = policies.in_force(half)
        document = held.document if held else policies.defaults()["policy"]
    form = PolicyForm(request.POST or None, document=full(document), starts=half.after.first_day)
    return edited(request, form, lambda given: policies.draft(by=me(request), **given))


@keepers
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    row = version_of(request, number).row
    if row.published_at is not None:
        raise Http404
    form = PolicyForm(
        request.POST or None,
        document=full(row.document),
        starts=row.holds_from,
        reason=row.reason,
        seen=policies.stamp(row),
    )

    def save(given: dict[str, Any]) -> SatisfactionPolicy:
        seen = form.cleaned_data["seen"]
        return policies.change_draft(by=me(request), policy=row, seen=seen, **given)

    return edited(request, form, save, row=row)


def full(document: Any) -> dict[str, Any]:
    """With every limit, whatever an older version left to its default."""
    return write(rules_of.read(document))


def edited(
    request: HttpRequest,
    form: PolicyForm,
    save: Callable[[dict[str, Any]], SatisfactionPolicy],
    row: SatisfactionPolicy | None = None,
) -> HttpResponse:
    """The form, what it would have been beside it, or the draft that was saved."""
    period, status, shown = asked(request.POST.get("period", "")), 200, None
    if request.method == "POST":
        try:
            if not form.is_valid():
                status = UNPROCESSABLE
            elif "what_if" in request.POST:
                shown = tried(form.document(), period)
            else:
                saved = save(form.given())
                messages.success(request, gettext("The draft is saved; nothing holds yet."))
                return redirect("surveys:policy_version", saved.number)
        except ValidationError as problem:
            form.refuse(problem)
            status = UNPROCESSABLE
        except EngineError as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
            if isinstance(refusal, Stale) and row is not None:
                form.renew(row)
    page = {
        "form": form,
        "row": row,
        "tried": shown or {"period": period, "periods": choices(period)},
        "tabs": tabs(request),
    }
    return render(request, "surveys/policy_edit.html", page, status=status)


@keepers
@require_POST
def publish(request: HttpRequest, number: int) -> HttpResponse:
    told, form = version_of(request, number), PublishForm(request.POST)
    row = told.row
    status = attempt(form, lambda given: policies.publish(by=me(request), policy=row, **given))
    if status != DONE:
        return show(request, version_of(request, number), form, status)
    messages.success(
        request,
        gettext("Version %(number)s holds from %(day)s.")
        % {"number": number, "day": row.holds_from},
    )
    return redirect("surveys:policy")


@keepers
@require_POST
def discard(request: HttpRequest, number: int) -> HttpResponse:
    told = version_of(request, number)
    try:
        policies.discard(by=me(request), policy=told.row)
    except EngineError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("surveys:policy_version", number)
    messages.success(request, gettext("The draft is discarded."))
    return redirect("surveys:policy")


@keepers
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    made: list[SatisfactionPolicy] = []

    def take(given: dict[str, Any]) -> None:
        content = given["file"].read(policy_file.MOST_BYTES + 1)
        made.append(policy_file.import_policy(content, by=me(request)))

    status = attempt(form, take)
    if status != DONE:
        return overview(request, form, status)
    messages.success(request, gettext("The file is a draft now; nothing holds yet."))
    return redirect("surveys:policy_version", made[0].number)
