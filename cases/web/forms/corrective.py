"""Forms of corrective actions and of their extension."""

from functools import cached_property, partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from cases.domain import serving
from cases.domain.departments import HANDLERS
from cases.domain.options import roles_that_take
from cases.domain.read_across import proposed_products
from cases.enums import ActionKind, CauseFactor, CheckResult, Criterion
from cases.models import Case, CorrectiveAction
from cases.web.forms.base import PointsOut, StepForm
from cases.web.forms.fields import (
    ActionNumber,
    Due,
    Lines,
    Long,
    Pick,
    PickSome,
    Uploads,
    Whys,
)
from cases.web.forms.handling import EVIDENCE_HELP, works_in


class Propose(PointsOut, StepForm):
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind of action"), choices=ActionKind.choices, initial=ActionKind.CORRECTIVE
    )
    description = Long(label=_("Details"), rows=3, required=False)
    field_order = ("title", "insisted", "kind", "description")


class Placed(StepForm):
    """Which department carries it out, who, by when."""

    department = Pick("department", label=_("Department"))
    owner = Pick(
        "person",
        label=_("Action owner"),
        required=False,
        help_text=_("Left empty, the department decides who carries it out."),
    )
    due = Due(label=_("Due"))

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        owner, department = data.get("owner"), data.get("department")
        if owner and department and not works_in(self, owner.pk, department.pk):
            self.add_error("owner", _("This person does not work in that department."))
        return data


class AddAction(PointsOut, Placed):
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind of action"), choices=ActionKind.choices, initial=ActionKind.CORRECTIVE
    )
    description = Long(label=_("Details"), rows=3, required=False)
    field_order = ("title", "insisted", "kind", "department", "owner", "due", "description")


class Assign(Placed):
    def prepare(self, subject: CorrectiveAction) -> None:
        self.initial["department"] = subject.department_id or subject.case.department_id
        self.initial["owner"] = subject.owner_id
        if subject.due is not None:
            self.initial["due"] = subject.due


class AcceptAction(StepForm):
    owner = Pick(
        "person",
        label=_("Action owner"),
        required=False,
        help_text=_("Left empty, whoever accepts carries it out."),
    )

    def prepare(self, subject: CorrectiveAction) -> None:
        """Only colleagues of the department that is asked."""
        field = self.fields["owner"]
        assert isinstance(field, Pick)
        field.kind = f"person:{subject.department_id}"
        self.options.want_people(field.kind, [(subject.department_id, HANDLERS)])
        self.initial["owner"] = subject.owner_id


class Begin(PointsOut, StepForm):
    whys = Whys(
        label=_("Why it occurred"),
        help_text=_("From what was seen, “why” by “why”, down to what can be changed for good."),
    )
    escape_whys = Whys(
        label=_("Why it was not caught"),
        required=False,
        help_text=_("From where it escaped down to what can be changed for good."),
    )
    cause_factor = forms.ChoiceField(
        label=_("Cause factor (6M)"), choices=CauseFactor.choices, widget=forms.RadioSelect
    )
    plan = Long(label=_("Action plan"), rows=4, help_text=_("What, who, by when."))
    criterion = forms.ChoiceField(
        label=_("Criterion of effectiveness"),
        choices=[("", _("As usual for its kind")), *Criterion.choices],
        required=False,
    )
    criterion_text = Long(label=_("What must be seen"), rows=2, required=False)
    window_days = forms.IntegerField(
        label=_("Days watched"), required=False, min_value=0, max_value=730,
        help_text=_("How long the effect is watched before it counts; 0: decided at once."),
    )  # fmt: skip
    field_order = ("whys", "escape_whys", "cause_factor", "plan", "insisted")

    template = "cases/forms/begin.html"

    def prepare(self, subject: CorrectiveAction) -> None:
        names = ("whys", "escape_whys", "cause_factor", "plan", "criterion", "criterion_text")
        self.initial.update({name: getattr(subject, name) for name in names})
        if subject.criterion:
            self.initial["window_days"] = subject.window_days


class Watch(StepForm):
    """Who decides after the window: quality, and neither who did nor who ordered it."""

    verifier = Pick(
        "person", label=_("Verifier"), required=False,
        help_text=_("Decides when the window is over; left empty, you do."),
    )  # fmt: skip

    cause = Pick("cause", label=_("Cause found"), required=False)

    def prepare(self, subject: CorrectiveAction) -> None:
        self.initial["cause"] = subject.case.cause_id
        field = self.fields["verifier"]
        assert isinstance(field, Pick)
        field.kind = "person:quality"
        self.options.want_people(field.kind, [(None, roles_that_take(Role.QUALITY_ENGINEER))])


class Submit(StepForm):
    result = Long(label=_("What was done"), rows=4)
    uploads = Uploads(label=_("Evidence"), help_text=EVIDENCE_HELP)

    def prepare(self, subject: CorrectiveAction) -> None:
        self.initial["result"] = subject.result


class Verify(StepForm):
    verification = Long(
        label=_("How effectiveness was verified"),
        rows=4,
        help_text=_("What was looked at, how many, with which result."),
    )


class RequestExtension(StepForm):
    due = Due(label=_("New due date"))
    grounds = Long(label=_("Why it takes longer"), rows=3)


class ListPlaces(StepForm):
    """Similar products, those of the same family proposed, and other sites in words."""

    products = PickSome(
        "product",
        label=_("Similar products"),
        required=False,
        help_text=_("Proposed are products of the same family; remove what does not apply."),
    )
    sites = Lines(
        label=_("Other sites, lines, machines"), rows=3, required=False,
        help_text=_("One a line."),
    )  # fmt: skip

    def prepare(self, subject: CorrectiveAction) -> None:
        self.initial["products"] = partial(proposed_products, subject, self.options)


class CheckPlace(StepForm):
    place = forms.TypedChoiceField(label=_("Place"), coerce=int, widget=forms.RadioSelect)
    result = forms.ChoiceField(
        label=_("Result"),
        choices=[choice for choice in CheckResult.choices if choice[0] != CheckResult.OPEN],
        widget=forms.RadioSelect,
    )
    note = Long(label=_("What was looked at, and what was found"), rows=3)
    submit = _("Save the result")

    def prepare(self, subject: CorrectiveAction) -> None:
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = lambda: self.waiting

    def preset(self, query: Any) -> None:
        self.initial["place"] = query.get("place")

    @cached_property
    def waiting(self) -> list[tuple[int, str]]:
        """The places that nobody has looked at yet."""
        action: Any = self.subject
        listed = action.read_across.filter(result=CheckResult.OPEN).select_related("product")
        return [(one.pk, str(one)) for one in listed.order_by("pk")]


class Serve(StepForm):
    template = "cases/forms/serve.html"
    action = ActionNumber(
        label=_("Number of the action"), max_length=30,
        help_text=_("This case closes only after that action has ended."),
    )  # fmt: skip

    @cached_property
    def near(self) -> list[CorrectiveAction]:
        """Open actions for the same product, to choose from: read where they are printed."""
        if not isinstance(self.subject, Case) or self.by is None:
            return []
        return serving.near(self.subject, self.by)
