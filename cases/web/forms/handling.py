"""Forms from the department's statement to closing."""

from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.domain import incident_policies, wording
from cases.domain.handling import ActionDraft
from cases.domain.relations import Complainant, complainants
from cases.enums import ActionKind
from cases.models import Case
from cases.web.forms.base import PointsOut, StepForm
from cases.web.forms.fields import Due, Long, Pick, Uploads
from workflows.domain.context import now

EVIDENCE_HELP = _("Photos, records, measurements. Drop or paste them here.")


class Statement(StepForm):
    facts = Long(
        label=_("Facts found"), rows=4, help_text=_("What was found: where, when, how many.")
    )
    cause_text = Long(label=_("Cause"), rows=3)
    remedy = Long(label=_("Remedy"), rows=3, help_text=_("What the customer gets, and by when."))
    uploads = Uploads(label=_("Evidence"), help_text=EVIDENCE_HELP)


class Dispute(StepForm):
    facts = Long(label=_("Facts found"), rows=4)
    grounds = Long(
        label=_("Why we are not responsible"),
        rows=4,
        help_text=_("The quality department reads this beside the other statements."),
    )
    uploads = Uploads(label=_("Evidence"), help_text=EVIDENCE_HELP)


class AcceptRemedy(StepForm):
    cause = Pick("cause", label=_("Cause found"), required=False)

    def prepare(self, subject: Case) -> None:
        self.initial["cause"] = subject.cause_id


class ActionRow(PointsOut):
    """One corrective action of the review. `options` are those of the page."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind of action"), choices=ActionKind.choices, initial=ActionKind.CORRECTIVE
    )
    department = Pick("department", label=_("Department"))
    owner = Pick("person", label=_("Action owner"), required=False)
    due = Due(label=_("Due"))
    description = forms.CharField(
        label=_("Details"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ("title", "insisted", "kind", "department", "owner", "due", "description")

    def __init__(self, *args: Any, options: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for field in self.fields.values():
            if isinstance(field, Pick):
                field.offer(options)

    def has_changed(self) -> bool:
        """A row counts when something is to be done; its defaults alone are nothing."""
        return any(self[name].value() for name in ("title", "description", "department", "owner"))

    def clean_due(self) -> Any:
        due = self.cleaned_data["due"]
        if due is not None and due <= now():
            raise forms.ValidationError(_("The due date must lie in the future."))
        return due

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        owner, department = data.get("owner"), data.get("department")
        if owner and department and not works_in(self, owner.pk, department.pk):
            self.add_error("owner", _("This person does not work in that department."))
        return data


def works_in(form: Any, person: int, department: int) -> bool:
    people = form.fields["owner"].options.found["person"]
    return any(one.pk == person and one.number == department for one in people)


class BaseActionRows(forms.BaseFormSet):
    MOST = 10

    def drafts(self) -> list[ActionDraft]:
        return [
            ActionDraft(**form.cleaned_data)
            for form in self.forms
            if form.has_changed() and form.cleaned_data
        ]

    def clean(self) -> None:
        """Point out the rows that alone are no measure: one statement for all of them."""
        typed = [form for form in self.forms if form.has_changed() and form.is_valid()]
        phrases = wording.phrases(now()) if typed else []
        for form in typed:
            given = form.cleaned_data
            said = f"{given['title']} {given['description']}"
            phrase = incident_policies.vague_wording(said, phrases)
            if phrase and not given["insisted"]:
                form.add_error("insisted", wording.vague_words(phrase))


ActionRows = forms.formset_factory(
    ActionRow,
    formset=BaseActionRows,
    extra=3,
    min_num=0,
    max_num=BaseActionRows.MOST,
    absolute_max=BaseActionRows.MOST + 10,
    validate_max=True,
)


class OrderActions(StepForm):
    """One to ten actions as rows, and the cause that the review found."""

    template = "cases/forms/order_actions.html"
    INPUTS = ("actions",)
    cause = Pick("cause", label=_("Cause found"), required=False)

    def __init__(self, data: Any = None, files: Any = None, **given: Any) -> None:
        super().__init__(data, files, **given)
        # The rows are made late; what they offer must be known before the page reads its options.
        self.options.want("department", "person")
        self.rows: Any = ActionRows(
            data,
            prefix="actions",
            auto_id=given.get("auto_id", "id_%s"),
            form_kwargs={"options": self.options},
        )

    def prepare(self, subject: Case) -> None:
        self.initial["cause"] = subject.cause_id

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if not self.rows.is_valid():
            self.add_error(None, _("Please check the corrective actions below."))
            return data
        data["actions"] = self.rows.drafts()
        if not data["actions"]:
            self.add_error(None, _("Order at least one corrective action."))
        return data

    def typed(self) -> list[tuple[str, str]]:
        rows = [
            (str(bound.label), str(bound.value()))
            for form in self.rows.forms
            for bound in form
            if bound.name in {"title", "description"} and bound.value()
        ]
        return [*super().typed(), *rows]


class Reply(StepForm):
    """The reply, with whoever else is told the same because their case was merged into this."""

    template = "cases/forms/reply.html"
    text = Long(label=_("Text to the customer"), rows=6)
    channel = Pick("channel", label=_("How the customer was told"))

    def prepare(self, subject: Case) -> None:
        self.initial["channel"] = subject.channel_id

    @cached_property
    def others(self) -> tuple[list[Complainant], int]:
        """Complainants of merged cases, and how many more: read where the page prints them."""
        if not isinstance(self.subject, Case) or self.by is None or not self.subject.has_merged:
            return [], 0
        return complainants(self.subject, self.by)


class Satisfied(StepForm):
    answer_text = Long(label=_("In the customer's words"), rows=3, required=False)


class Unsatisfied(StepForm):
    answer_text = Long(
        label=_("In the customer's words"), rows=3, help_text=_("What is still wrong?")
    )
