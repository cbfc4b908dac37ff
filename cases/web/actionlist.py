"""Corrective actions: as a list, and as a board by department with columns of states."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.domain import board, queries
from cases.domain.board import ActionFilter
from cases.enums import ActionKind, ActionState
from cases.web.case_looks import ACTION_LOOKS
from cases.web.list_address import address, filters_of, marks, pager, whole, words


def read_filter(request: HttpRequest) -> ActionFilter:
    """The filter from the address; without one, what is open."""
    given, me = request.GET, request.user.pk
    return ActionFilter(
        text=words(given),
        state=given.get("state", "" if filters_of(given) else "open"),
        kind=given.get("kind", ""),
        department=whole(given.get("department", "")),
        owner=me if me and given.get("mine") == "1" else 0,
        overdue=given.get("overdue") == "1",
    )


def action_list(request: HttpRequest) -> HttpResponse:
    """Corrective actions of visible cases, as a list or as a board."""
    if request.GET.get("view") == "board":
        return action_board(request)
    user: Any = request.user
    wanted = read_filter(request)
    sort = request.GET.get("sort", "")
    order = board.ORDERS.get(sort, queries.NEWEST)
    page = queries.page(board.actions(user, wanted), order=order, **marks(request, order))
    context = around(request, wanted) | {
        "rows": [{"action": action, "look": ACTION_LOOKS[action.state]} for action in page.rows],
        "sort": sort,
        "page": pager(request, page),
    }
    return render(request, "cases/actions_list.html", context)


def action_board(request: HttpRequest) -> HttpResponse:
    """Open actions: a lane for each department, a column for each state."""
    user: Any = request.user
    wanted = read_filter(request)
    lanes, cut = board.board(user, wanted)
    columns = [(str(state), state.label, ACTION_LOOKS[state]) for state in board.COLUMNS]
    shown = [
        {
            "lane": lane,
            "cells": [
                {"label": label, "look": look, "cards": lane.cells[state]}
                for state, label, look in columns
            ],
        }
        for lane in lanes
    ]
    context = around(request, wanted) | {"lanes": shown, "columns": columns, "cut": cut}
    return render(request, "cases/actions_board.html", context)


def around(request: HttpRequest, wanted: ActionFilter) -> dict[str, Any]:
    """Tabs and filters above both looks."""
    return {
        "tabs": tabs(request),
        "states": ActionState.choices[1:],
        "kinds": ActionKind.choices,
        "wanted": wanted,
        "list_url": address(request, view=""),
        "board_url": address(request, view="board", state="", sort=""),
    }


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """Saved views; the look stays."""
    views = [
        (_("All open"), {"state": "open"}),
        (_("Mine"), {"state": "open", "mine": "1"}),
        (_("Overdue"), {"overdue": "1"}),
        (_("All"), {"state": "all"}),
    ]
    here = filters_of(request.GET) or {"state": "open"}
    look = {"view": "board"} if request.GET.get("view") == "board" else {}
    base = reverse("cases:actions")
    return [
        {"label": label, "url": f"{base}?{urlencode(query | look)}", "active": here == query}
        for label, query in views
    ]
