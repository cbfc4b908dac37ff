"""The page of an integrity finding: evidence in figures and bars, forms, steps, record."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from cases.domain.queries import Order, page as page_of
from cases.domain.timeline_words import deed_title
from cases.models import Case
from cases.web.case_steps import Sent
from cases.web.list_address import marks, pager
from surveys.domain import finding_lists
from surveys.domain.checks import CHECKS
from surveys.enums import FindingState as S, Sign
from surveys.models import Finding
from surveys.web import steps
from surveys.web.tabs import tabs

LOOKS: dict[str, tuple[str, str]] = {
    S.NEW: ("grey", "circle-dashed"),
    S.PROPOSED: ("amber", "alert-circle"),
    S.PURSUED: ("blue", "search"),
    S.CONFIRMED: ("red", "ban"),
    S.DISMISSED: ("grey", "circle-x"),
}
DEED_ICONS = {"propose": "alert-circle", "pursue": "search", "confirm": "ban"}
FIGURES: dict[str, Any] = {
    "forms": gettext_lazy("Forms found"),
    "of": gettext_lazy("Of so many forms looked at"),
    "median_seconds": gettext_lazy("Usual time (median), seconds"),
    "level": gettext_lazy("Level everywhere"),
    "expected": gettext_lazy("To be expected of honest people"),
    "quick": gettext_lazy("Of them answered in less than half the usual time"),
    "doubles": gettext_lazy("Doubles of each form, on average"),
    "percent": gettext_lazy("Alike in at least, per cent"),
    "minutes": gettext_lazy("Within minutes"),
    "from": gettext_lazy("Beginning"),
    "threshold": gettext_lazy("Threshold"),
    "by": gettext_lazy("The same"),
    "sign": gettext_lazy("Sign"),
    "impossible_gaps": gettext_lazy("Forms that began before the one before them had ended"),
    "short_gaps": gettext_lazy("Share of such gaps"),
    "at_night": gettext_lazy("Share at night"),
    "last_digits": gettext_lazy("Last digits of the seconds, χ² (27.88 is remarkable)"),
    "level_distance": gettext_lazy("Distance of the levels from the others (0 to 1)"),
    "signs": gettext_lazy("Remarkable"),
}
WORDS: dict[str, Any] = {
    "short_gaps": gettext_lazy("gaps"),
    "at_night": gettext_lazy("night hours"),
    "last_digits": gettext_lazy("last digits"),
    "level_distance": gettext_lazy("levels"),
    "device": gettext_lazy("device"),
    "address": gettext_lazy("address"),
    **dict(Sign.choices),
}
AXES: dict[str, Any] = {
    "too_fast": gettext_lazy("Seconds taken, from"),
    "straight_lined": gettext_lazy("Answers short of one level everywhere"),
    "copied": gettext_lazy("Level"),
    "interviewer": gettext_lazy("Level"),
}
OLDEST = Order(descending=False)
# The height of the tallest bar in the drawing.
TALL = 100


@dataclass(frozen=True)
class Bar:
    """One name with two columns: shares of the flagged forms and of all others, as heights."""

    name: str
    flagged: int
    others: int
    flagged_height: str
    others_height: str
    x: int


def look(finding: Finding) -> dict[str, Any]:
    tone, icon = LOOKS[finding.state]
    return {"label": finding.get_state_display(), "tone": tone, "icon": icon}


def title(finding: Finding) -> str:
    """The check in the reader's language, and whom it is about."""
    check, about = CHECKS.get(finding.check_key), str(finding.evidence.get("about", ""))
    name = str(check.title) if check else finding.check_key
    return f"{name} · {WORDS.get(about, about)}" if about else name


def figures(finding: Finding) -> list[tuple[Any, Any]]:
    return [
        (FIGURES[key], said(value))
        for key, value in finding.evidence.items()
        if key in FIGURES and value not in ("", None)
    ]


def said(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(str(WORDS.get(one, one)) for one in value) or "–"
    return WORDS.get(value, value) if isinstance(value, str) else value


def bars(finding: Finding) -> list[Bar]:
    """Shares, so that few flagged forms can be seen beside many others."""
    rows = [(str(name), int(mine), int(others)) for name, mine, others in finding.evidence["bars"]]
    mine = sum(count for _name, count, _others in rows) or 1
    others = sum(count for _name, _mine, count in rows) or 1
    tallest = max((max(a / mine, b / others) for _name, a, b in rows), default=0) or 1
    return [
        Bar(name, a, b, f"{TALL * a / mine / tallest:.1f}", f"{TALL * b / others / tallest:.1f}",
            turn * 20)
        for turn, (name, a, b) in enumerate(rows)
    ]  # fmt: skip


def context(request: HttpRequest, finding: Finding, sent: Sent | None = None) -> dict[str, Any]:
    """Everything the page prints. `sent` is a form that was refused a moment ago."""
    check = CHECKS.get(finding.check_key)
    page = page_of(finding_lists.flags(finding), order=OLDEST, **marks(request, OLDEST))
    drawn = bars(finding) if finding.evidence.get("bars") else []
    user: Any = request.user
    case = finding.case_id and Case.objects.visible_to(user).filter(pk=finding.case_id).exists()
    return {
        "tabs": tabs(request),
        "finding": finding,
        "campaign": finding.campaign,
        "title": title(finding),
        "why": check.why if check else "",
        "state": look(finding),
        "figures": figures(finding),
        "bars": drawn,
        "bars_width": len(drawn) * 20,
        "axis": AXES.get(finding.check_key, _("Hour of the day")),
        "flags": page.rows,
        "page": pager(request, page),
        "entries": entries(finding),
        "case_visible": case,
        **steps.around(request, finding, sent),
    }


def entries(finding: Finding) -> list[dict[str, Any]]:
    """For _components/timeline.html."""
    return [
        {
            "kind": "transition",
            "at": deed.at,
            "actor": deed.by.name if deed.by else _("The checks"),
            "on_behalf_of": deed.on_behalf_of.name if deed.on_behalf_of else "",
            "title": deed_title(
                finding.flow_key, deed.node, deed.act, to=str(deed.data.get("to", ""))
            ),
            "reason": deed.reason,
            "tone": LOOKS.get(deed.to_state, ("grey", ""))[0],
            "icon": DEED_ICONS.get(deed.act, "circle-dot"),
        }
        for deed in finding_lists.deeds(finding)
    ]
