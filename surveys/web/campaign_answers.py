"""The forms of one campaign as they came in: filters, pages by key, what was doubted."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.web.access import only
from cases.domain import queries
from cases.enums import CustomerType
from cases.web.list_address import address, filters_of, marks, pager, words
from surveys import permissions
from surveys.domain import answer_list, questionnaires
from surveys.domain.answer_list import AnswerFilter
from surveys.domain.questionnaires import LABELS, Form
from surveys.enums import LEVELS, NOT_APPLICABLE, FindingState, ResponseChannel
from surveys.models import FlaggedResponse, Response
from surveys.web.campaign_page import load
from surveys.web.tabs import tabs

readers = only(permissions.may_read)
TONES = {"5": "green", "4": "green", "3": "grey", "2": "amber", "1": "red"}
TYPED = ("region", "product", "q")
# A longer reason is read on the page of its form.
SNIPPET = 120
VALID, OUT = "valid", "out"


@readers
@require_safe
def listing(request: HttpRequest, number: str) -> HttpResponse:
    campaign = load(request, number)
    document = campaign.questionnaire.document if campaign.questionnaire else None
    form = questionnaires.read(document) if document else Form("five", (), ())
    wanted = read_filter(request, campaign.number)
    page = queries.page(found(request, wanted), **marks(request, queries.NEWEST))
    fields = select_fields(request, form)
    context = {
        "tabs": tabs(request),
        "campaign": campaign,
        "rows": [row_of(row, form, wanted.sub) for row in page.rows],
        "sub": next((one.label for one in form.subitems if one.key == wanted.sub), ""),
        "fields": fields,
        "typed": typed_fields(request),
        "chips": chips(request, fields),
        "page": pager(request, page),
        "may_enter": permissions.may_survey(request.user) and campaign.state == "launched",
    }
    return render(request, "surveys/campaign_answers.html", context)


def read_filter(request: HttpRequest, number: str) -> AnswerFilter:
    """The filter from the address; what is not known is ignored."""
    given = request.GET
    return AnswerFilter(
        campaign=number,
        sub=words(given, "sub"),
        level=words(given, "level", most=1),
        region=words(given, "region") or None,
        customer_type=given.get("customer_type", ""),
        product=words(given, "product"),
        text=words(given),
    )


def found(request: HttpRequest, wanted: AnswerFilter) -> QuerySet[Response]:
    """The forms that fit, with whether somebody doubts them: one statement for a page."""
    rows = answer_list.answers(wanted)
    channel, standing = request.GET.get("channel", ""), request.GET.get("standing", "")
    if channel in ResponseChannel.values:
        rows = rows.filter(channel=channel)
    if standing in {VALID, OUT}:
        rows = rows.filter(invalidated_by__isnull=standing == VALID)
    doubts = FlaggedResponse.objects.filter(response=OuterRef("pk")).exclude(
        finding__state=FindingState.DISMISSED
    )
    return rows.select_related("invitee", "customer", "product").annotate(is_doubted=Exists(doubts))


def row_of(row: Response, form: Form, sub: str) -> dict[str, Any]:
    """A form with the answer looked for, or with its lowest ones."""
    keys = [sub] if sub in form.keys else worst(form, row.levels)
    level = row.levels[form.keys.index(keys[0])] if keys else ""
    reason = next((row.texts[key] for key in keys if row.texts.get(key)), "")
    labels = {one.key: one.label for one in form.subitems}
    return {
        "response": row,
        "name": row.invitee.name if row.invitee else row.customer.name if row.customer else "",
        "word": word_of(form, level),
        "tone": TONES.get(level, "grey"),
        "where": [] if sub else [labels[key] for key in keys][:3],
        "reason": reason if len(reason) <= SNIPPET else reason[:SNIPPET] + "…",
    }


def worst(form: Form, levels: str) -> list[str]:
    """Keys of the sub-items with the lowest level of a form."""
    lowest = min((sign for sign in levels if sign in LEVELS), default="")
    return [key for key, sign in zip(form.keys, levels, strict=True) if sign == lowest]


def word_of(form: Form, level: str) -> Any:
    if level in LABELS[form.labels]:
        return form.label(level)
    return _("Not applicable") if level == NOT_APPLICABLE else _("No answer")


# ---------------------------------------------------------------------------- the sieve
def select_fields(request: HttpRequest, form: Form) -> list[dict[str, Any]]:
    scale = [(level, f"{level} {form.label(level)}") for level in LEVELS]
    fields: list[tuple[str, Any, Any]] = [
        ("sub", _("Question"), [(one.key, one.label) for one in form.subitems]),
        ("level", _("Answer"), [*scale, (NOT_APPLICABLE, _("Not applicable"))]),
        ("customer_type", _("Customer type"), CustomerType.choices),
        ("channel", _("How it came in"), ResponseChannel.choices),
        ("standing", _("In the score"), [(VALID, _("Counted")), (OUT, _("Taken out"))]),
    ]
    return [
        {"name": name, "label": label, "choices": choices, "value": request.GET.get(name, "")}
        for name, label, choices in fields
    ]


def typed_fields(request: HttpRequest) -> list[dict[str, Any]]:
    labels = {"region": _("Region"), "product": _("Product code"), "q": _("Number or name")}
    return [
        {"name": name, "label": labels[name], "value": words(request.GET, name)} for name in TYPED
    ]


def chips(request: HttpRequest, fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every filter that is set, in words; each leads to the list without it."""
    told = {
        field["name"]: f"{field['label']}: {label}"
        for field in fields
        for value, label in field["choices"]
        if value == field["value"]
    }
    told |= {
        field["name"]: f"{field['label']}: {field['value']}"
        for field in typed_fields(request)
        if field["value"]
    }
    return [
        {"label": told[name], "url": address(request, **{name: ""}), "active": True, "count": None}
        for name in filters_of(request.GET)
        if name in told
    ]
