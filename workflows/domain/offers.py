"""What may be done now, by whom, with which form, and why not: screens are drawn from this."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from workflows.domain import registry
from workflows.domain.acts import Act, Outcome
from workflows.domain.assignment import substituted
from workflows.models import EngineModel, Task
from workflows.permissions import held_by_another, leads, may_take
from workflows.rules import Refusal, first_refusal


@dataclass(frozen=True)
class Choice:
    """One button: `form` names its form ("complaint.triage.accept"); `refusal` greys it."""

    name: str
    title: Any
    form: str
    hint: Any = ""
    needs_reason: bool = False
    back: bool = False
    refusal: Refusal | None = None
    # What the person declares by it; such a choice asks for the password.
    signs: Any = ""


@dataclass(frozen=True)
class StepOffer:
    """A waiting step as one person sees it.

    `choices` is empty for somebody who may never take it; `waits_for` says who may.
    """

    task: Task
    title: str
    choices: tuple[Choice, ...]
    may_claim: bool
    may_release: bool
    may_transfer: bool
    on_behalf_of: User | None = None


def of_step(task: Task, subject: EngineModel, by: User) -> StepOffer:
    """The outcomes of a waiting step for a person."""
    node = task.flow_task
    behalf = None if may_take(task, by) else substituted(task, by)
    mine = task.owner_id == by.pk
    choices: tuple[Choice, ...] = ()
    if may_take(task, by) or behalf:
        blocked = None if behalf else held_by_another(task, by)
        choices = tuple(
            of_outcome(node, outcome, subject, by, blocked) for outcome in node.outcomes.values()
        )
    return StepOffer(
        task=task,
        title=str(node.task_title),
        choices=choices,
        may_claim=task.owner_id is None and may_take(task, by),
        may_release=mine or (task.owner_id is not None and leads(task, by)),
        may_transfer=mine or leads(task, by),
        on_behalf_of=behalf,
    )


def of_outcome(
    node: Any, outcome: Outcome, subject: EngineModel, by: User, blocked: Refusal | None
) -> Choice:
    return Choice(
        name=outcome.name,
        title=outcome.title,
        form=f"{node.flow_class.key}.{node.name}.{outcome.name}",
        hint=outcome.hint,
        needs_reason=outcome.needs_reason,
        back=outcome.back,
        refusal=blocked or first_refusal(outcome.rules, subject, by),
        signs=outcome.signs,
    )


def of_acts(subject: EngineModel, by: User) -> list[Choice]:
    """The acts beside the steps that this person may ever do and that fit the state."""
    flow_class = registry.flow(subject.flow_key)
    return [
        Choice(
            name=act.name,
            title=act.title,
            form=f"{flow_class.key}.act.{act.name}",
            hint=act.hint,
            needs_reason=act.needs_reason,
            refusal=first_refusal(act.rules, subject, by),
            signs=act.signs,
        )
        for act in fitting(flow_class.acts, subject)
        if act.may(subject, by)
    ]


def fitting(acts: Iterable[Act], subject: EngineModel) -> Iterable[Act]:
    return (act for act in acts if str(subject.state) in act.states)


def leads_or_takes(task: Task, by: Any) -> bool:
    """Whether a person has anything to do with a step: may take it, leads it, stands in."""
    return may_take(task, by) or leads(task, by) or task.owner_id in by.authority.stands_in
