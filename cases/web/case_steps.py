"""The steps and acts of a page as its template prints them: choices, each with its form."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain import dossier
from cases.domain.options import Option, Options, roles_that_take
from cases.enums import ACTION_PREFIX, Flag
from cases.web import beside
from cases.web.case_looks import ENDING, choice_icon
from cases.web.forms import StepForm, make
from workflows.domain import offers
from workflows.domain.offers import Choice, StepOffer
from workflows.errors import EngineError, Stale
from workflows.models import EngineModel, Task
from workflows.rules import Refusal


@dataclass
class Sent:
    """A form that was sent and not taken: what the page shows again, with its answer.

    `task` is the step's key; None for an act, a comment or a file, which `name` names.
    """

    name: str
    form: StepForm
    task: int | None = None
    problem: EngineError | None = None
    status: int = 400
    # Whether the page found a place for the form; else what was typed is printed.
    placed: bool = False

    @property
    def changes(self) -> list[Any]:
        """What changed since the form was opened, where that stands against it."""
        return self.problem.details if isinstance(self.problem, Stale) else []


@dataclass
class ChoiceShown:
    """One way to go on: a button with its form, or grey with a reason."""

    name: str
    title: Any
    hint: Any
    icon: str
    back: bool
    ending: bool
    url: str
    draft: str
    refusal: Refusal | None = None
    form: StepForm | None = None
    open: bool = False

    @property
    def hurdles(self) -> list[tuple[str, str]]:
        """What stands in the way, each with its page where it has one: actions have."""
        items = self.refusal.items if self.refusal else ()
        pages = ((item, item.startswith(f"{ACTION_PREFIX}-")) for item in items)
        return [(item, f"/actions/{item}/" if page else "") for item, page in pages]

    @property
    def submit(self) -> Any:
        return (self.form and self.form.submit) or self.title


@dataclass
class StepShown:
    """A waiting step: its choices for who may act, else whom it waits for."""

    task: Any
    offer: StepOffer
    subject: EngineModel | None
    choices: list[ChoiceShown] = field(default_factory=list)
    options: Options = field(default_factory=Options)

    @property
    def title(self) -> str:
        return self.offer.title

    @property
    def label(self) -> str:
        """What it is called among other steps."""
        return beside.label(self.task)

    @property
    def icon(self) -> str:
        return beside.ICONS.get(self.task.subject_kind, "tool")

    @property
    def told(self) -> str:
        """What whoever takes it has to know of it."""
        return beside.told(self.subject)

    @property
    def blocked(self) -> Refusal | None:
        """One reason that stands against every choice is said once."""
        reasons = {choice.refusal for choice in self.choices}
        return reasons.pop() if len(reasons) == 1 else None

    @property
    def colleagues(self) -> list[Option]:
        """Who could take the step over."""
        found = self.options.found[pool_of(self.task)]
        seen: dict[int, Option] = {}
        for one in found:
            if one.pk != self.task.owner_id:
                seen.setdefault(one.pk, one)
        return list(seen.values())

    @property
    def role(self) -> Any:
        return self.task.get_role_display()


def pool_of(task: Task) -> str:
    return f"person:{task.department_id}:{task.role}"


def step(
    task: Any,
    subject: EngineModel | None,
    user: User,
    *,
    options: Options,
    page: str,
    sent: Sent | None = None,
) -> StepShown:
    """A step with the forms of its choices; `page` is the address they are sent below.

    Without its subject (an extension on the case page) it only says whom it waits for.
    """
    if subject is None:
        title = str(task.flow_task.task_title)
        return StepShown(task, StepOffer(task, title, (), False, False, False), None)
    offered = dossier.offer(task, subject, user)
    shown = StepShown(task, offered, subject, options=options)
    if offered.may_transfer:
        options.want_people(pool_of(task), [(task.department_id, roles_that_take(task.role))])
    for choice in offered.choices:
        url = f"{page}tasks/{task.pk}/{choice.name}/"
        again = sent if sent and (sent.task, sent.name) == (task.pk, choice.name) else None
        place = f"s{task.pk}-{choice.name}"
        shown.choices.append(shown_choice(choice, subject, user, options, url, place, again))
    open_one(shown.choices)
    return shown


def shown_choice(
    choice: Choice,
    subject: EngineModel,
    user: User,
    options: Options,
    url: str,
    place: str,
    again: Sent | None,
) -> ChoiceShown:
    form: StepForm | None = None
    if choice.refusal is None:
        if again is not None:
            form, again.placed = again.form, True
        else:
            form = make(
                choice.form, subject=subject, by=user, options=options,
                needs_reason=choice.needs_reason, signs=choice.signs, auto_id=f"{place}-%s",
            )  # fmt: skip
    return ChoiceShown(
        name=choice.name,
        title=choice.title,
        hint=choice.hint,
        icon=choice_icon(choice.name, choice.back),
        back=choice.back,
        ending=choice.name in ENDING,
        url=url,
        draft=f"{subject.SUBJECT_KIND}:{subject.number}:{choice.form}",
        refusal=choice.refusal,
        form=form,
        open=form is not None and again is not None,
    )


def open_one(choices: list[ChoiceShown]) -> None:
    """The form that was sent stays open, else the first one that can be used."""
    usable = [choice for choice in choices if choice.form is not None]
    if usable and not any(choice.open for choice in usable):
        usable[0].open = True


# ---------------------------------------------------------------------------- acts
@dataclass
class ActsShown:
    """The acts of a subject, and the one whose form is open."""

    acts: list[ChoiceShown]
    current: ChoiceShown | None = None


def acts(
    subject: EngineModel,
    user: User,
    *,
    options: Options,
    page: str,
    name: str = "",
    sent: Sent | None = None,
) -> ActsShown:
    """The acts beside the steps; the form of `name`, or of the one that was sent, is made."""
    shown = ActsShown([])
    for choice in offers.of_acts(subject, user):
        again = sent if sent and (sent.task, sent.name) == (None, choice.name) else None
        refusal = choice.refusal or nothing_to_flag(choice.name, subject)
        wanted = refusal is None and (again is not None or (choice.name == name and not sent))
        act = ChoiceShown(
            name=choice.name,
            title=choice.title,
            hint=choice.hint,
            icon=choice_icon(choice.name, choice.back),
            back=False,
            ending=choice.name in ENDING,
            url=f"{page}acts/{choice.name}/",
            draft=f"{subject.SUBJECT_KIND}:{subject.number}:{choice.form}",
            refusal=refusal,
        )
        if wanted:
            act = shown_choice(choice, subject, user, options, act.url, f"act-{act.name}", again)
            shown.current = act
        shown.acts.append(act)
    return shown


def nothing_to_flag(act: str, subject: EngineModel) -> Refusal | None:
    """Flags that are all set cannot be confirmed, flags that are not set cannot be revoked."""
    if act not in {"propose_flag", "propose_revocation"}:
        return None
    confirmed = [bool(getattr(subject, flag)) for flag in Flag]
    if act == "propose_flag" and all(confirmed):
        return Refusal(_("Both flags are confirmed already."))
    if act == "propose_revocation" and not any(confirmed):
        return Refusal(_("No flag is set."))
    return None


# ---------------------------------------------------------------------------- who has it
@dataclass(frozen=True)
class Holder:
    """Who has a step now: a person, or the pool of a department."""

    step: str
    person: User | None
    department: Any
    role: Any
    due: Any
    mark: str = ""
    beside: bool = False


def holders(tasks: Iterable[Any]) -> list[Holder]:
    """Steps of the case itself first."""
    ordered = sorted(tasks, key=lambda task: (task.subject_kind != "case", task.pk))
    return [
        Holder(
            step=beside.label(task),
            person=task.owner,
            department=task.department,
            role=task.get_role_display(),
            due=task.due,
            mark=beside.mark(task),
            beside=beside.is_beside(task),
        )
        for task in ordered
        if task.subject_kind != "extension"
    ]
