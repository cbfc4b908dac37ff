"""The list of answers behind a figure, and one form with everything on it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cases.domain import queries
from cases.enums import CustomerType
from cases.web.list_address import address, marks, pager, words
from surveys.domain import answer_list, periods, questionnaires
from surveys.domain.answer_list import AnswerFilter
from surveys.domain.questionnaires import Form
from surveys.enums import LEVELS
from surveys.models import Response
from surveys.web.index_page import guard
from surveys.web.tabs import tabs

# What a chip says before the value.
NAMES = (
    "period", "source", "campaign", "sub", "level", "region", "customer_type", "product", "q",
    "counted",
)  # fmt: skip


def read_filter(request: HttpRequest) -> AnswerFilter:
    """The filter from the address; what is not known is ignored."""
    given = request.GET
    try:
        period = periods.read(given["period"]) if given.get("period") else None
    except ValidationError:
        period = None
    return AnswerFilter(
        period=period,
        source=words(given, "source", most=40),
        campaign=words(given, "campaign", most=30),
        sub=words(given, "sub", most=40),
        level=words(given, "level", most=1),
        region=words(given, "region", most=60) if "region" in given else None,
        customer_type=given.get("customer_type", ""),
        product=words(given, "product", most=40),
        product_type=words(given, "product_type", most=40),
        text=words(given, most=60),
        counted=given.get("counted") == "1",
    )


def answer_page(request: HttpRequest) -> HttpResponse:
    """Forms that fit, newest first, pages by key."""
    guard(request)
    wanted = read_filter(request)
    found = answer_list.answers(wanted).select_related("invitee", "product", "campaign")
    page = queries.page(found, **marks(request, queries.NEWEST))
    context = {
        "tabs": tabs(request),
        "rows": [
            {
                "response": row,
                "label": "" if row.level_here in {"", " "} else row.level_here,
                "type": dict(CustomerType.choices).get(row.customer_type, ""),
            }
            for row in page.rows
        ],
        "wanted": wanted,
        "chips": chips(request),
        "page": pager(request, page),
    }
    return render(request, "surveys/answers.html", context)


def chips(request: HttpRequest) -> list[dict[str, Any]]:
    """What narrows the list, each with the list without it."""
    labels = {
        "period": _("Period"),
        "source": _("Source"),
        "campaign": _("Campaign"),
        "sub": _("Sub-item"),
        "level": _("Level"),
        "region": _("Region"),
        "customer_type": _("Customer type"),
        "product": _("Product"),
        "q": _("Search"),
    }
    types = dict(CustomerType.choices)
    return [
        {
            "label": _("In the score")
            if name == "counted"
            else f"{labels[name]}: {types.get(value, value) if value else _('Not stated')}",
            "url": address(request, **{name: ""}),
            "active": True,
            "count": None,
        }
        for name, value in request.GET.dict().items()
        if name in NAMES and (value or name == "region")
    ]


def response_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One form: every question with its answer and reason, where it came from, what was found."""
    guard(request)
    response = (
        Response.objects.filter(pk=min(pk, 2**62))
        .select_related(
            "campaign", "questionnaire", "invitee", "product", "unit", "entered_by", "batch",
            "invalidated_by",
        )
        .first()
    )  # fmt: skip
    if response is None:
        raise Http404
    form = questionnaires.read(response.questionnaire.document)
    context = {
        "tabs": tabs(request),
        "response": response,
        "items": items(form, response),
        "questions": [
            (question.label, response.texts[question.key])
            for question in form.open
            if response.texts.get(question.key)
        ],
        "flags": response.flags.select_related("finding").order_by("pk"),
        "type": dict(CustomerType.choices).get(response.customer_type, ""),
    }
    return render(request, "surveys/response.html", context)


def items(form: Form, response: Response) -> list[dict[str, Any]]:
    """Items with their sub-items, levels in words and reasons."""
    levels = dict(zip(form.keys, response.levels, strict=False))
    return [
        {
            "label": item.label,
            "rows": [
                {
                    "label": sub.label,
                    "level": levels.get(sub.key, ""),
                    "words": spoken(form, levels.get(sub.key, "")),
                    "reason": response.texts.get(sub.key, ""),
                }
                for sub in item.subitems
            ],
        }
        for item in form.items
    ]


def spoken(form: Form, level: str) -> Any:
    if level in LEVELS and level:
        return form.label(level)
    return _("Not applicable") if level == "-" else _("No answer")
