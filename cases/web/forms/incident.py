"""Forms of the major incident: response, investigation, joint review, measures, closing."""

from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.domain.joint_reviews import proposed_departments
from cases.domain.measures import MeasureDraft
from cases.domain.relations import RelatedCase, same_matter
from cases.enums import Criterion, ResponseKind
from cases.models import Case, Response
from cases.web.forms.base import StepForm
from cases.web.forms.fields import Due, Long, Moment, Pick, PickMany, Uploads
from cases.web.forms.handling import EVIDENCE_HELP, ActionRow, BaseActionRows
from cases.web.forms.triage import acknowledgement_text
from cases.web.forms.weighing import Weighed

WINDOW_HELP = _("How long the effect is watched before it counts; 0: decided at once.")


class OrderResponse(StepForm):
    kind = forms.ChoiceField(
        label=_("What is needed"),
        choices=[(one.value, one.label) for one in ResponseKind if one != "acknowledgement"],
        widget=forms.RadioSelect,
        initial=ResponseKind.CONTAINMENT,
    )
    department = Pick("department", label=_("Department"))
    instruction = Long(label=_("Instruction"), rows=3, help_text=_("What, where, how many."))


class ReportDone(StepForm):
    report = Long(label=_("What was done"), rows=4)
    quantity = forms.IntegerField(
        label=_("Quantity contained"), required=False, min_value=0, max_value=2**31 - 1,
        help_text=_("Pieces blocked in stock, on the way, at customers."),
    )  # fmt: skip
    uploads = Uploads(label=_("Evidence"), help_text=EVIDENCE_HELP)

    def prepare(self, subject: Response) -> None:
        if subject.kind == ResponseKind.ACKNOWLEDGEMENT:
            self.fields["report"].label = _("Text to the customer")
            self.initial["report"] = acknowledgement_text(subject.case)
            self.fields["quantity"].widget = forms.HiddenInput()


class Investigate(StepForm):
    facts = Long(label=_("Facts found"), rows=5, help_text=_("What, where, when, how noticed."))
    batch = forms.CharField(label=_("Batches affected"), max_length=200, required=False)
    quantity = forms.IntegerField(
        label=_("Quantity affected"), required=False, min_value=0, max_value=2**31 - 1
    )
    places = Long(
        label=_("Places affected"), rows=2, required=False,
        help_text=_("Where pieces are: stock, on the way, which customers."),
    )  # fmt: skip
    persons = Long(label=_("Persons asked"), rows=2, required=False)
    verified = Long(label=_("What was verified, and how"), rows=4)
    uploads = Uploads(label=_("Photos and records"), help_text=EVIDENCE_HELP)

    def prepare(self, subject: Case) -> None:
        self.initial["batch"] = subject.batch


class Convene(StepForm):
    departments = PickMany(
        "department",
        label=_("Departments concerned"),
        help_text=_("Ticked are those that usually answer for the product and the category."),
    )
    due = Due(label=_("Opinions due"))
    question = Long(label=_("What the review is to find out"), rows=3, required=False)

    def prepare(self, subject: Case) -> None:
        self.initial["departments"] = proposed_departments(subject)


class Invite(StepForm):
    department = Pick("department", label=_("Department"))


class FileOpinion(StepForm):
    cause = Long(label=_("Cause"), rows=4)
    responsibility = Long(
        label=_("Responsibility"), rows=3, help_text=_("Who bears it, and why; your own part too.")
    )
    measure = Long(label=_("Measure proposed"), rows=3)
    uploads = Uploads(label=_("Evidence"), help_text=EVIDENCE_HELP)


class Minutes(StepForm):
    held_at = Moment(label=_("Meeting held at"))
    participants = Long(label=_("Participants"), rows=2)
    minutes = Long(label=_("Meeting record"), rows=6)
    uploads = Uploads(label=_("Signed record"))


class Severity(Weighed):
    """Harm and extent with the act that changes the severity."""


# ---------------------------------------------------------------------------- measures
class MeasureRow(ActionRow):
    """One measure of the plan, with how its effect will show."""

    criterion = forms.ChoiceField(
        label=_("Criterion of effectiveness"),
        choices=[("", _("As usual for its kind")), *Criterion.choices],
        required=False,
    )
    criterion_text = forms.CharField(
        label=_("What must be seen"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    window_days = forms.IntegerField(
        label=_("Days watched"), required=False, min_value=0, max_value=730, help_text=WINDOW_HELP
    )


class BaseMeasureRows(BaseActionRows):
    def drafts(self) -> list[MeasureDraft]:  # type: ignore[override]
        return [
            MeasureDraft(**form.cleaned_data)
            for form in self.forms
            if form.has_changed() and form.cleaned_data
        ]


MeasureRows = forms.formset_factory(
    MeasureRow,
    formset=BaseMeasureRows,
    extra=3,
    max_num=20,
    absolute_max=30,
    validate_max=True,
)


class DraftMeasures(StepForm):
    """The measures as rows, and the approach in words; after a return the last plan is there."""

    template = "cases/forms/measures.html"
    INPUTS = ("measures",)
    summary = Long(label=_("Cause and approach"), rows=3, required=False)

    def __init__(self, data: Any = None, files: Any = None, **given: Any) -> None:
        super().__init__(data, files, **given)
        self.options.want("department", "person")
        self.rows: Any = MeasureRows(
            data,
            prefix="measures",
            auto_id=given.get("auto_id", "id_%s"),
            initial=self.earlier(),
            form_kwargs={"options": self.options},
        )

    def earlier(self) -> list[dict[str, Any]]:
        """The rows of the plan that was returned: two statements, only where there is one."""
        case: Any = self.subject
        plan = case.measure_plans.order_by("-revision").first() if case is not None else None
        if plan is None:
            return []
        self.initial.setdefault("summary", plan.summary)
        names = ("title", "kind", "due", "description", "criterion", "criterion_text",
                 "window_days", "insisted")  # fmt: skip
        return [
            {name: getattr(row, name) for name in names}
            | {"department": row.department_id, "owner": row.owner_id}
            for row in plan.measures.order_by("pk")
        ]

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if not self.rows.is_valid():
            self.add_error(None, _("Please check the measures below."))
            return data
        data["measures"] = self.rows.drafts()
        return data

    def typed(self) -> list[tuple[str, str]]:
        rows = [
            (str(bound.label), str(bound.value()))
            for form in self.rows.forms
            for bound in form
            if bound.name in {"title", "description", "criterion_text"} and bound.value()
        ]
        return [*super().typed(), *rows]


class PassMeasures(StepForm):
    cause = Pick(
        "cause", label=_("Cause found"), required=False,
        help_text=_("A later case with the same product and cause is a recurrence."),
    )  # fmt: skip
    confirmed = forms.BooleanField(
        label=_("What is missing is not needed here"),
        required=False,
        help_text=_("Containment, correction and removing the cause are expected."),
    )

    def prepare(self, subject: Case) -> None:
        self.initial["cause"] = subject.cause_id


# ---------------------------------------------------------------------------- flags, closing
class DecideFlag(StepForm):
    """What the two confirmations ask for: nothing but the signature."""


class CloseIncident(StepForm):
    template = "cases/forms/close_incident.html"
    lessons = Long(label=_("Lessons learned"), rows=4)
    similar = Long(
        label=_("Similar cases looked at, and what was found"), rows=3,
        help_text=_("Same product, same cause, same department."),
    )  # fmt: skip
    changes_documents = forms.BooleanField(
        label=_("The risk register or a procedure changes"), required=False
    )
    documents = Long(label=_("What changes, or why nothing does"), rows=3)

    @cached_property
    def alike(self) -> list[RelatedCase]:
        """The latest cases of the same matter, to be looked at: read where they are printed."""
        if not isinstance(self.subject, Case) or self.by is None:
            return []
        return same_matter(self.subject, self.by)
