"""The one door. Whatever moves a case goes through `perform` or its sibling `intervene`.

Lock the case row → who may → is it time → the command writes its rows and one transition fires
→ version + 1 → transition row → outbox → the flow moves on: one database transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, OperationalError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from workflows.domain import processes, record, registry, signatures
from workflows.domain.acts import Act, Outcome
from workflows.domain.assignment import substituted, taken
from workflows.domain.changes import changes_since
from workflows.domain.record import Deed
from workflows.errors import Busy, Conflict, Forbidden, NotFound, Stale
from workflows.models import EngineModel, Task
from workflows.permissions import held_by_another, may_take
from workflows.rules import first_refusal

# What a database says when a lock or a transaction could not be had in time.
_BUSY = ("55P03", "40001", "40P01")


@contextmanager
def business_transaction() -> Iterator[None]:
    """One transaction; a lock that cannot be had in time is Busy, not an error page."""
    try:
        with transaction.atomic():
            yield
    except OperationalError as error:
        raise Busy(_("Somebody else is working on this case. Please try again.")) from error
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") in _BUSY:
            raise Busy(_("Somebody else is working on this case. Please try again.")) from error
        raise


def perform(
    task: Task,
    outcome: str,
    *,
    by: User | None,
    version: int | None = None,
    reason: str = "",
    password: str = "",
    **given: Any,
) -> EngineModel:
    """Complete a step with one of its outcomes; returns the subject in its new state.

    `by` is None where the system takes an automatic step, and nowhere else. An outcome that is
    a signature asks for the person's `password` again.

    `task` may have been read before the lock: the first write closes it by one conditional
    UPDATE, so of two people one wins and the other is told who. Raises NotFound for an unknown
    outcome, Forbidden for a step of another role, Conflict (with who won, or the rule that
    stands against it), Stale, Busy, and ValidationError with the fields in error. Nothing is
    written then.
    """
    choice = task.flow_task.outcomes.get(outcome)
    if choice is None:
        raise NotFound(_("This step has no such outcome."))
    check_may(task, by)
    signatures.identify(choice, by, password)
    with business_transaction():
        process = task.flow_task.flow_class.process_class.locked(task.process_id)
        task.process = process
        behalf = check_may(task, by)
        data = {"back": True} if choice.back else {}
        deed = Deed(by=by, act=outcome, reason=reason, on_behalf_of=behalf, data=data)
        activation = task.flow_task.activation_class(task)
        if not activation.win(deed):
            raise taken(task)
        subject = process.subject
        check_version(subject, version)
        check_time(choice, subject, by, reason)
        choice.command(subject, by=by, at=deed.at, **given)
        activation.complete()
        activation.activate_next()
        return subject


def intervene(
    subject: EngineModel,
    act: str,
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    password: str = "",
    **given: Any,
) -> EngineModel:
    """Do an act that stands beside the order of steps: withdraw, reopen, raise a flag, edit.

    Same order, same refusals as `perform`. Returns the subject in its new state.
    """
    signatures.identify(act_of(subject, act, by), by, password)
    with business_transaction():
        subject = type(subject).locked(subject.pk)
        choice = act_of(subject, act, by)
        check_version(subject, version)
        if str(subject.state) not in choice.states:
            raise Conflict(
                _("“%(act)s” is not possible in the state “%(state)s”.")
                % {"act": choice.title, "state": subject.get_state_display()}
            )
        check_time(choice, subject, by, reason)
        deed = Deed(by=by, act=act, reason=reason)
        result = choice.command(subject, by=by, at=deed.at, **given)
        carry_out(choice, subject, deed, result)
        return subject


def act_of(subject: EngineModel, name: str, by: User) -> Act:
    """The act of that name in the subject's flow. Raises NotFound, Forbidden."""
    choice: Act | None = registry.flow(subject.flow_key).act(name)
    if choice is None:
        raise NotFound(_("There is no such act."))
    if not choice.may(subject, by):
        raise Forbidden(_("This act belongs to another role."))
    return choice


def carry_out(choice: Act, subject: EngineModel, deed: Deed, result: Any) -> None:
    """Fire, start, spawn or end, as the act says; every way leaves one row of its own."""
    if choice.ends == "root":
        processes.end_all(subject, deed)
    elif choice.ends == "flow":
        processes.end_own(subject, deed)
    if choice.starts:
        flow, turn = choice.flow or subject.flow_key, next_round(subject)
        process = processes.begin(flow, choice.starts, subject, deed, round_no=turn)
        if choice.signs:
            signatures.write(process.transitions.order_by("pk")[0], choice.signs)
        return
    states = record.move(subject, choice.fires, deed)
    row = record.write(subject, deed, states)
    if choice.signs:
        signatures.write(row, choice.signs)
    if choice.finishes:
        processes.end_children(waiting_at(subject, choice.finishes), subject, deed)
    if choice.spawns:
        spawn(subject, choice.spawns, result, deed)
    elif choice.begins:
        processes.begin(result.flow_key, choice.begins, result, deed.then(choice.begins))
    if choice.ends == "subject":
        processes.end_subject(subject, deed)


def spawn(subject: EngineModel, node_name: str, child: EngineModel, deed: Deed) -> None:
    """Add a child to the step of the running process that waits for its children."""
    waiting = waiting_at(subject, node_name)
    waiting.flow_task.activation_class(waiting).add(child, deed)


def waiting_at(subject: EngineModel, node_name: str) -> Task:
    """The open task of a node of the subject's running process. Raises Conflict without one."""
    for process in processes.open_processes(subject.root):
        node = process.flow_class.instance.node(node_name, no_obsolete=True)
        waiting = (
            node and Task.objects.filter(process=process, flow_task=node, finished=None).first()
        )
        if waiting:
            setattr(process, process.ROOT_FIELD, subject.root)
            waiting.process = process
            return waiting
    raise Conflict(_("The step that waits for this is not open."))


def next_round(subject: EngineModel) -> int:
    process_class = registry.flow(subject.flow_key).process_class
    return (
        1
        + process_class._default_manager.filter(
            parent_task=None, **{process_class.ROOT_FIELD: subject.root}
        ).count()
    )


def check_may(task: Task, by: User | None) -> User | None:
    """Refuse a step of another role or another person; name whom `by` stands in for.

    Only an automatic step is taken by nobody, and by nobody else.
    """
    if by is None or task.flow_task.automatic:
        if by is None and task.flow_task.automatic:
            return None
        raise Forbidden(_("This step belongs to another role."))
    if may_take(task, by) and held_by_another(task, by) is None:
        return None
    absent = substituted(task, by)
    if absent is not None:
        return absent
    if may_take(task, by):
        raise taken(task)
    raise Forbidden(_("This step belongs to another role."))


def check_version(subject: EngineModel, version: int | None) -> None:
    """Refuse what was typed against an older version, and say what changed since."""
    if version is not None and version != subject.version:
        raise Stale(
            _("The case was changed while you were writing."),
            details=changes_since(subject, version),
        )


def check_time(choice: Outcome | Act, subject: EngineModel, by: User | None, reason: str) -> None:
    from django.core.exceptions import ValidationError

    if refusal := first_refusal(choice.rules, subject, by):
        raise Conflict(str(refusal), details=refusal.items)
    if choice.needs_reason and not reason.strip():
        raise ValidationError({"reason": _("Please give the reason.")})
