"""The 8D report of a case: its rows put into the eight disciplines."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from cases.domain.eight_d.report import (
    MOST_PHOTOS,
    Approval,
    AtOnce,
    Checked,
    Chosen,
    EightD,
    Implemented,
    Lessons,
    Photo,
    Problem,
    RootCause,
    Told,
)
from cases.domain.eight_d.rows import Rows, read
from cases.domain.eight_d.team import team_of
from cases.domain.files import path_of
from cases.domain.papers import company_of, signed
from cases.enums import ActionKind, Criterion, Purpose, ResponseKind
from cases.models import Case, CorrectiveAction, PlannedMeasure, Response

PREVENTS = (ActionKind.PREVENTIVE, ActionKind.IMPROVEMENT)


def report_of(case: Case) -> EightD:
    """The report in the language in force; the case is read with what its facts name."""
    rows = read(case)
    solving = [action for action in rows.actions if action.kind != ActionKind.CONTAINMENT]
    return EightD(
        **facts(case),
        emergency=tuple(
            response_of(one) for one in rows.responses if one.kind != ResponseKind.CONTAINMENT
        ),
        team=team_of(rows),
        problem=problem_of(rows),
        containment=tuple(containment(rows)),
        cause=case.cause.label if case.cause else "",
        stated_cause=rows.statement.cause_text if rows.statement else "",
        remedy=rows.statement.remedy if rows.statement else "",
        shares=tuple((share.department.label, share.percent) for share in rows.shares),
        causes=tuple(root_causes(rows)),
        chosen=(*map(chosen, solving), *map(chosen, rows.drafts)),
        approval=approval(rows),
        implemented=tuple(implemented(action, rows) for action in solving),
        photos=tuple(photos(rows)),
        checked=tuple(checked(rows)),
        lessons=lessons(rows),
        told=told(rows),
        closed_by=rows.closing.by.name if rows.closing and rows.closing.by else "",
        signatures=signed(rows.signatures),
    )


def facts(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "title": case.title,
        "company": company_of(case),
        "kind": str(case.get_kind_display()),
        "severity": str(case.get_severity_display()),
        "state": str(case.get_state_display()),
        "customer": case.customer.name,
        "received_at": case.received_at,
        "product": case.product.label if case.product else "",
        "batch": case.batch,
        "category": case.category.label if case.category else "",
        "department": case.department.label if case.department else "",
        "occurred_on": case.occurred_on,
        "closed_at": case.closed_at,
        "symptom": case.description,
        "remedy_sought": case.remedy_sought,
    }


# ---------------------------------------------------------------------------- D0 to D3
def response_of(row: Response) -> AtOnce:
    return AtOnce(
        what=str(row.get_kind_display()), department=row.department.label,
        state=str(row.get_state_display()), text=row.report or row.instruction,
        quantity=row.quantity, by=row.by.name if row.by else "", at=row.at,
    )  # fmt: skip


def containment(rows: Rows) -> Iterator[AtOnce]:
    """Immediate responses that contain, and the containment actions."""
    for row in rows.responses:
        if row.kind == ResponseKind.CONTAINMENT:
            yield response_of(row)
    for action in rows.actions:
        if action.kind == ActionKind.CONTAINMENT:
            yield AtOnce(
                what=action.title, number=action.number, state=str(action.get_state_display()),
                department=action.department.label if action.department else "",
                text=action.result or action.plan or action.description,
                by=name(action.submitted_by or action.owner), at=action.submitted_at,
            )  # fmt: skip


def problem_of(rows: Rows) -> Problem:
    """5W2H from the case, and from the investigation where there was one."""
    case, found, stated = rows.case, rows.investigation, rows.statement
    many = f"{found.quantity}" if found and found.quantity is not None else ""
    extent = case.get_extent_display() if case.extent else ""
    place = together(case.customer.region, case.customer.city)
    return Problem(
        what=together(case.title, case.category, case.product, case.batch),
        where=(found.places if found else "") or place,
        when=f"{case.occurred_on:%Y-%m-%d}" if case.occurred_on else "",
        who=together(case.customer.name, found.persons if found else ""),
        why=str(case.get_harm_display()) if case.harm else "",
        how=case.channel.label,
        how_many=together(many, found.batch if found else "", extent),
        facts=found.facts if found else stated.facts if stated else "",
        verified=found.verified if found else "",
    )


def together(*parts: Any) -> str:
    """What is known of the parts, a line each."""
    return "\n".join(str(part) for part in parts if part)


# ---------------------------------------------------------------------------- D4 to D6
def root_causes(rows: Rows) -> Iterator[RootCause]:
    for action in rows.actions:
        if action.whys or action.escape_whys or action.cause_factor:
            yield RootCause(
                number=action.number, title=action.title,
                occurrence=tuple((depth, text) for depth, text in action.whys),
                escape=tuple((depth, text) for depth, text in action.escape_whys),
                factor=str(action.get_cause_factor_display()),
            )  # fmt: skip


def chosen(row: CorrectiveAction | PlannedMeasure) -> Chosen:
    """An action that was ordered, or a measure that is still drafted."""
    return Chosen(
        number=row.number if isinstance(row, CorrectiveAction) else "",
        kind=str(row.get_kind_display()),
        title=row.title,
        description=row.description,
        department=row.department.label if row.department else "",
        owner=name(row.owner),
        due=row.due,
        criterion=criterion(row),
    )


def criterion(row: CorrectiveAction | PlannedMeasure) -> str:
    label = str(Criterion(row.criterion).label) if row.criterion else ""
    if label and row.window_days:
        label = _("%(text)s for %(n)s days") % {"text": label, "n": row.window_days}
    return together(label, row.criterion_text)


def approval(rows: Rows) -> Approval:
    """Plans that were approved, and the latest one, however far it has come."""
    steps = [
        (words, person.name, at)
        for plan in rows.plans
        if plan.approved_at or plan is rows.plans[-1]
        for words, person, at in (
            (_("Drafted the measures"), plan.drafted_by, plan.drafted_at),
            (_("Checked the measures"), plan.checked_by, plan.checked_at),
            (_("Approved the measures"), plan.approved_by, plan.approved_at),
        )
        if person is not None and at is not None
    ]
    return Approval(rows.plans[-1].summary if rows.plans else "", tuple(steps))


def implemented(action: CorrectiveAction, rows: Rows) -> Implemented:
    since, until = action.watch_from, action.watch_until
    return Implemented(
        number=action.number,
        title=action.title,
        state=str(action.get_state_display()),
        result=action.result,
        by=name(action.submitted_by),
        at=action.submitted_at,
        evidence=tuple((file.name, file.at) for file in rows.files if file.action_id == action.pk),
        watched=(since, until) if since and until else None,
        finding=finding(action),
        verification=action.verification,
        verified_by=name(action.verified_by),
        verified_at=action.verified_at,
        prevents=action.kind in PREVENTS,
    )


def finding(action: CorrectiveAction) -> str:
    """What the watch over its effect has seen, and what came back."""
    seen = action.effect
    undecided = ", ".join(seen.get("open", ()))
    return together(
        _("Cases with the same product and cause: %(n)s") % {"n": seen["cases"]} if seen else "",
        undecided
        and _("Cases of the product without a cause yet: %(numbers)s") % {"numbers": undecided},
        action.recurrence_count and _("Recurrences: %(n)s") % {"n": action.recurrence_count},
        action.rework_count and _("Sent back for rework: %(n)s") % {"n": action.rework_count},
    )


def photos(rows: Rows) -> Iterator[Photo]:
    """The first pictures: of actions before those of the case."""
    numbers = {action.pk: action.number for action in rows.actions}
    pictures = [file for file in rows.files if file.is_image]
    pictures.sort(key=lambda file: (file.purpose != Purpose.EVIDENCE, file.pk))
    for file in pictures[:MOST_PHOTOS]:
        yield Photo(path_of(file), file.name, file.at, numbers.get(file.action_id or 0, ""))


# ---------------------------------------------------------------------------- D7 and D8
def checked(rows: Rows) -> Iterator[Checked]:
    for row in rows.read_across:
        yield Checked(
            place=str(row), number=row.action.number, result=str(row.get_result_display()),
            note=row.note, by=name(row.checked_by), at=row.checked_at,
        )  # fmt: skip


def lessons(rows: Rows) -> Lessons:
    said = rows.closure
    if said is None:
        return Lessons()
    return Lessons(said.lessons, said.similar, said.documents, said.changes_documents)


def told(rows: Rows) -> Told | None:
    reply = rows.reply
    if reply is None:
        return None
    answer = str(reply.get_answer_display()) if reply.answer else ""
    return Told(reply.text, reply.at, answer, reply.answer_text, reply.answered_at)


def name(person: Any) -> str:
    return person.name if person else ""
