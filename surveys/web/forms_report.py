"""Forms of the steps and acts of an analysis report; its text is written section by section."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.web.case_looks import CHOICE_ICONS
from cases.web.forms import FORMS
from cases.web.forms.base import Plain, StepForm
from cases.web.forms.fields import Long, Pick
from surveys.domain.reports import build
from surveys.enums import ConclusionKind


class Write(StepForm):
    """One section; its page stands in surveys/web/report_write.py."""

    section = forms.ChoiceField(
        choices=[(key, key) for key in build.KEYS], widget=forms.HiddenInput
    )
    text = Long(label=_("Narrative"), required=False, rows=14, strip=False)
    important = forms.BooleanField(
        label=_("Important: the general manager approves it"), required=False
    )


class Conclude(StepForm):
    text = Long(label=_("Conclusion or suggestion"), rows=3)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=ConclusionKind.choices, widget=forms.RadioSelect,
        initial=ConclusionKind.IMPROVEMENT,
    )  # fmt: skip
    department = Pick("department", label=_("Owner"), required=False)
    due = forms.DateField(
        label=_("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class DropConclusion(StepForm):
    conclusion = forms.CharField(max_length=40, widget=forms.HiddenInput)


class Answer(StepForm):
    remark = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    text = Long(label=_("What was done about it"), rows=2)


class Remark(StepForm):
    section = forms.ChoiceField(
        choices=[(key, key) for key in build.KEYS], widget=forms.HiddenInput
    )
    paragraph = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=9999)
    text = Long(label=_("Remark"), rows=3)

    def prepare(self, subject: Any) -> None:
        self.fields["paragraph"].initial = 0


CHOICE_ICONS.update({"conclude": "bulb", "release": "signature"})
FORMS.update(
    {
        "report.draft.submit": Plain,
        "report.draft.drop": Plain,
        "report.review.approve": Plain,
        "report.review.return_to_draft": Plain,
        "report.approval.release": Plain,
        "report.approval.return_to_draft": Plain,
        "report.act.write": Write,
        "report.act.conclude": Conclude,
        "report.act.drop_conclusion": DropConclusion,
        "report.act.answer": Answer,
        "report.act.remark": Remark,
    }
)
