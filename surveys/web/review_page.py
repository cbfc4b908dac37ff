"""The page of a management review: what it reads and how it is put together."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.documents.plain import moment
from cases.domain.options import Options
from cases.domain.timeline_words import deed_title
from cases.web.case_steps import ChoiceShown, Sent
from cases.web.forms import make
from cases.web.list_address import whole
from cases.web.papers import paper
from surveys import permissions
from surveys.domain import periods
from surveys.domain.reviews import reading
from surveys.enums import InputState, ReviewState as S
from surveys.models import Decision, ManagementReview
from surveys.web import review_looks
from surveys.web.steps import around
from surveys.web.tabs import tabs
from workflows.domain import registry
from workflows.domain.context import now
from workflows.errors import Stale

# Acts whose forms stand where their subject stands; the others open from the menu.
MENU = frozenset({"edit", "compile"})
INLINE = ("add_participant", "mark_presence", "write_minutes", "put_decision")


def load(request: HttpRequest, number: str) -> ManagementReview:
    """The review, or 404 for one that is not there or not to be seen."""
    found = reading.by_number(number.replace("\x00", ""), request.user)
    if found is None:
        raise Http404
    return found


FORMS = ("PDF", "Word", "Excel")


def context(
    request: HttpRequest, review: ManagementReview, sent: Sent | None = None
) -> dict[str, Any]:
    """Everything the page prints. `sent` is a form that was refused a moment ago."""
    inline = sent if sent and sent.task is None and sent.name in INLINE else None
    options = Options()
    forms = inline_forms(request, review, options, inline)
    base = around(request, review, sent)
    if inline is not None:
        base["act"] = None
    base["acts"] = [one for one in base["acts"] if one.name in MENU]
    signed = reading.signatures(review)
    rows = reading.inputs(review)
    return {
        **base,
        **decisions_context(request, review, forms.get("put_decision")),
        "tabs": tabs(request),
        "review": review,
        "steps_url": reverse("surveys:review_steps", args=[review.number]),
        "look": review_looks.look(review),
        "period": periods.read(review.period),
        "ribbon": review_looks.ribbon(review, signed),
        "signatures": signed,
        "agenda": [
            (one, review_looks.input_look(one), review_looks.summaries(one)) for one in rows
        ],
        "gaps": [one for one in rows if one.state == InputState.GAP and one.required],
        "participants": list(review.participants.select_related("person")),
        "writes": is_open(request, review),
        "forms": forms,
        "minutes_now": stale_minutes(review, inline),
        "papers": paper(_("Management review"), FORMS, "surveys:review", review.number),
        "entries": entries(review),
    }


def is_open(request: HttpRequest, review: ManagementReview) -> bool:
    """Whether the person may still write at it."""
    return review.state in (S.PREPARATION, S.MEETING) and permissions.prepares_reviews(request.user)


# ---------------------------------------------------------------------------- forms on the page
def inline_forms(
    request: HttpRequest, review: ManagementReview, options: Options, sent: Sent | None
) -> dict[str, ChoiceShown]:
    """The forms that stand on the page itself, by act; those the state allows."""
    if not is_open(request, review):
        return {}
    flow, found = registry.flow(review.flow_key), {}
    for name in INLINE:
        act = flow.act(name)
        if review.state in act.states:
            found[name] = inline_form(request, review, options, act, sent)
    return found


def inline_form(
    request: HttpRequest, review: ManagementReview, options: Options, act: Any, sent: Sent | None
) -> ChoiceShown:
    user: Any = request.user
    again = sent if sent and sent.name == act.name else None
    if again is not None:
        form, again.placed = again.form, True
        if isinstance(again.problem, Stale):
            catch_up(review, form)
    else:
        form = make(
            f"{review.flow_key}.act.{act.name}", subject=review, by=user, options=options,
            auto_id=f"{act.name}-%s", initial=wanted(request, review, act.name),
        )  # fmt: skip
    key = form["decision"].value() if act.name == "put_decision" else None
    return ChoiceShown(
        name=act.name,
        title=act.title,
        hint=act.hint,
        icon="check",
        back=False,
        ending=False,
        url=f"{review.get_absolute_url()}acts/{act.name}/",
        draft=f"{review.SUBJECT_KIND}:{review.number}:{act.name}{f':{key}' if key else ''}",
        form=form,
        open=again is not None or key is not None,
    )


def catch_up(review: ManagementReview, form: Any) -> None:
    """Somebody was faster: what was typed stays, and is sent on the version of now."""
    form.data = form.data.copy()
    if "minutes" in form.fields:
        form.data["seen"] = review.minutes_no
    else:
        row = review.decisions.filter(pk=whole(form.data.get("decision", ""))).first()
        form.data["seen"] = row.seen if row else 0


def wanted(request: HttpRequest, review: ManagementReview, act: str) -> dict[str, Any]:
    """The decision that the address asks to change, as initial values of its form."""
    key = whole(request.GET.get("decision", "")) if act == "put_decision" else 0
    row = review.decisions.filter(pk=key).first() if key else None
    if row is None:
        return {}
    names = ("kind", "title", "text", "due", "seen")
    return {
        **{name: getattr(row, name) for name in names},
        "owner": row.owner_id,
        "department": row.department_id,
        "origin": row.origin_id,
        "decision": row.pk,
    }


def stale_minutes(review: ManagementReview, sent: Sent | None) -> str:
    """What the minutes say now, where somebody else changed them meanwhile."""
    stale = sent is not None and sent.name == "write_minutes" and isinstance(sent.problem, Stale)
    return review.minutes if stale else ""


# ---------------------------------------------------------------------------- decisions
def decisions_context(
    request: HttpRequest, review: ManagementReview, form: ChoiceShown | None
) -> dict[str, Any]:
    """What the section of the decisions prints; it is also an answer of its own."""
    at = now()
    return {
        "review": review,
        "decisions": [shown(row, at) for row in reading.decisions(review)],
        "decision_form": form,
        "decides": form is not None,
        "version": review.version,
    }


def shown(row: Decision, at: Any) -> dict[str, Any]:
    action: Any = row.action
    return {
        "row": row,
        "kind": row.get_kind_display(),
        "action": action,
        "state": action.get_state_display() if action else "",
        "late": row.is_late(at),
        "due": moment(action.due if action else row.due),
    }


# ---------------------------------------------------------------------------- record
def entries(review: ManagementReview) -> list[dict[str, Any]]:
    """For _components/timeline.html."""
    return [
        {
            "kind": "transition" if deed.from_state != deed.to_state else "note",
            "at": deed.at,
            "actor": deed.by.name if deed.by else "",
            "on_behalf_of": deed.on_behalf_of.name if deed.on_behalf_of else "",
            "title": deed_title(
                review.flow_key, deed.node, deed.act, to=str(deed.data.get("to", ""))
            ),
            "reason": deed.reason,
            "tone": review_looks.STATES.get(deed.to_state, ("grey", ""))[0],
            "icon": "circle-dot",
        }
        for deed in reading.deeds(review)
    ]
