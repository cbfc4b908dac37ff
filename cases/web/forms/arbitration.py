"""Forms of the arbitration desk: hearing a party, the ruling with its shares, the appeal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.domain.arbitrations import WHOLE, current
from cases.enums import Matter
from cases.models import Appeal, Case
from cases.web.forms.base import StepForm
from cases.web.forms.fields import Due, Long, Pick, Shares, Uploads
from cases.web.forms.handling import EVIDENCE_HELP
from workflows.domain.context import now

ALONE_HELP = _("Bears all of it; leave the shares empty then.")


class Hear(StepForm):
    department = Pick("department", label=_("Department"))
    due = Due(
        label=_("Statement due"),
        help_text=_("Proposed is the end of the window that the policy gives the parties."),
    )

    def prepare(self, subject: Case) -> None:
        """The form is made only when it is opened: one statement."""
        opened = current(subject)
        if opened is not None and opened.window_until and opened.window_until > now():
            self.initial["due"] = opened.window_until


class Ruling(StepForm):
    """Who bears which share; with one department alone the shares stay empty."""

    template = "cases/forms/ruling.html"
    department = Pick(
        "department", label=_("Responsible alone"), required=False, help_text=ALONE_HELP
    )
    shares = Shares(label=_("Shares of responsibility"), required=False)
    matters = forms.MultipleChoiceField(
        label=_("What is decided"),
        choices=Matter.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        initial=[Matter.RESPONSIBILITY],
    )
    ruling = Long(label=_("Ruling and its reasons"), rows=6)
    cause = Pick("cause", label=_("Cause found"), required=False)
    effects = Long(
        label=_("Effects"), rows=3, required=False,
        help_text=_("What follows: class, deadlines, measures, costs."),
    )  # fmt: skip

    def prepare(self, subject: Case) -> None:
        self.initial["cause"] = subject.cause_id
        if subject.is_major and subject.department_id:
            # An incident has parties: the sharing begins with the department known so far.
            self.fields["shares"].value = [(subject.department_id, WHOLE)]  # type: ignore[attr-defined]
        else:
            self.initial["department"] = subject.department_id


class AppealForm(StepForm):
    grounds = Long(label=_("Grounds of the appeal"), rows=5)
    uploads = Uploads(label=_("New evidence"), help_text=EVIDENCE_HELP)


class Uphold(StepForm):
    decision = Long(label=_("Decision and its reasons"), rows=5)


class Revise(StepForm):
    template = "cases/forms/ruling.html"
    department = Pick(
        "department", label=_("Responsible alone"), required=False, help_text=ALONE_HELP
    )
    shares = Shares(label=_("Shares of responsibility"), required=False)
    decision = Long(label=_("Decision and its reasons"), rows=5)

    def prepare(self, subject: Appeal) -> None:
        self.initial["department"] = None

    def shown(self) -> list[Any]:
        return list(self)
