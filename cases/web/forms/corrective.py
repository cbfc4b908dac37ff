"""Forms of corrective actions and of their extension."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.domain.departments import HANDLERS
from cases.enums import ActionKind, CauseFactor
from cases.models import CorrectiveAction
from cases.web.forms.base import StepForm
from cases.web.forms.fields import Due, Long, Pick, Uploads, Whys
from cases.web.forms.handling import EVIDENCE_HELP, works_in


class Propose(StepForm):
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind of action"), choices=ActionKind.choices, initial=ActionKind.CORRECTIVE
    )
    description = Long(label=_("Details"), rows=3, required=False)


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


class AddAction(Placed):
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind of action"), choices=ActionKind.choices, initial=ActionKind.CORRECTIVE
    )
    description = Long(label=_("Details"), rows=3, required=False)
    field_order = ("title", "kind", "department", "owner", "due", "description")


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


class Begin(StepForm):
    whys = Whys(
        label=_("Root cause: ask “why” up to five times"),
        help_text=_("From what was seen down to what can be changed for good."),
    )
    cause_factor = forms.ChoiceField(
        label=_("Cause factor (6M)"), choices=CauseFactor.choices, widget=forms.RadioSelect
    )
    plan = Long(label=_("Action plan"), rows=4, help_text=_("What, who, by when."))

    template = "cases/forms/begin.html"

    def prepare(self, subject: CorrectiveAction) -> None:
        self.initial.update(whys=subject.whys, cause_factor=subject.cause_factor, plan=subject.plan)

    @property
    def chain(self) -> list[str]:
        """Five places, filled with what is there."""
        given = list(self["whys"].value() or [])[: Whys.MOST]
        return given + [""] * (Whys.MOST - len(given))


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
