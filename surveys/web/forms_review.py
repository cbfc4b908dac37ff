"""Forms of a management review: the steps of its path, and what is written at it."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.web.fields import LineField
from cases.web.case_looks import CHOICE_ICONS
from cases.web.forms import FORMS
from cases.web.forms.base import Plain, StepForm
from cases.web.forms.corrective import Placed
from cases.web.forms.fields import Long, Pick, Uploads
from surveys.domain import periods
from surveys.domain.reviews.meeting import MINUTES
from surveys.enums import DecisionKind, Presence
from surveys.models import ManagementReview, ReviewEdition
from surveys.web.fields import Moment, One
from workflows.domain.context import now


class Somebody(One):
    """Anybody who works here, to be searched for; read when the form is made."""

    widget = forms.Select(attrs={"data-search": True})

    def offer_all(self, kept: Any = None) -> None:
        """`kept` is chosen already, though they may have left since."""
        here = Q(is_active=True, memberships__until=None, memberships__isnull=False)
        found = User.objects.filter(here | Q(pk=kept)).distinct().order_by("name", "pk")
        self.offer((one, one.name) for one in found)


class Head(StepForm):
    """What stands at the head of a review; the same for a new one and for a change."""

    submit = _("Save")
    title = LineField(label=_("Title"), max_length=200)
    period = LineField(
        label=_("Period"), max_length=7, help_text=_("Like 2026-H1, or 2026 for the whole year.")
    )
    held_at = Moment(label=_("Meeting"))
    place = LineField(label=_("Venue"), required=False, max_length=120)
    chair = Somebody(label=_("Chair"), required=False)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        chair: Any = self.fields["chair"]
        chair.offer_all(self.initial.get("chair"))

    def prepare(self, subject: ManagementReview) -> None:
        for name in ("title", "period", "held_at", "place"):
            self.initial[name] = getattr(subject, name)
        self.initial["chair"] = subject.chair_id


class NewReview(Head):
    """A new review takes the rows of an edition along."""

    submit = _("Draw up")
    edition = One(label=_("Edition of the agenda"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        rows = list(ReviewEdition.objects.order_by("-holds_from", "-pk"))
        field: Any = self.fields["edition"]
        field.offer((row, str(row)) for row in rows)
        if rows:
            self.initial.setdefault("edition", rows[0].pk)
        self.initial.setdefault("period", periods.half_of(now()).before.code)


class InputKey(StepForm):
    """Which input it is about; the page knows it."""

    input = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)


class Upload(InputKey):
    submit = _("Upload")
    uploads = Uploads(label=_("Files"))


class NotApplicable(InputKey):
    submit = _("Not applicable")
    why = Long(label=_("Why it does not apply"), rows=2)


class TakeBack(StepForm):
    file = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)


class AddParticipant(StepForm):
    submit = _("Add")
    person = Somebody(label=_("Person"), required=False)
    name = LineField(label=_("Or a name from outside"), required=False, max_length=80)
    role = LineField(label=_("Role"), required=False, max_length=120)

    def prepare(self, subject: ManagementReview) -> None:
        person: Any = self.fields["person"]
        person.offer_all()


class DropParticipant(StepForm):
    participant = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)


class MarkPresence(StepForm):
    """One choice for each participant, under its key."""

    INPUTS = ("presence",)
    submit = _("Save the attendance")

    def prepare(self, subject: ManagementReview) -> None:
        self.rows = list(subject.participants.all())
        for row in self.rows:
            self.fields[f"p{row.pk}"] = forms.ChoiceField(
                label=row.name, choices=Presence.choices, initial=row.presence
            )

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["presence"] = {row.pk: data[f"p{row.pk}"] for row in self.rows if f"p{row.pk}" in data}
        return data


class WriteMinutes(StepForm):
    submit = _("Save the minutes")
    minutes = Long(label=_("Minutes"), rows=12, required=False, max_length=MINUTES)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def prepare(self, subject: ManagementReview) -> None:
        self.initial["minutes"], self.initial["seen"] = subject.minutes, subject.minutes_no


class PutDecision(Placed):
    """A decision, new or changed: `decision` is the key of the one that is changed."""

    submit = _("Save the decision")
    kind = forms.ChoiceField(label=_("Kind of decision"), choices=DecisionKind.choices)
    title = LineField(label=_("What is decided"), max_length=200)
    text = Long(label=_("In detail"), rows=3, required=False)
    owner = Pick(
        "person", label=_("Person responsible"), help_text=_("Somebody of that department.")
    )
    origin = forms.TypedChoiceField(
        label=_("Follows from"), required=False, coerce=int, empty_value=None
    )
    decision = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=1, max_value=2**62
    )
    seen = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1
    )

    def prepare(self, subject: ManagementReview) -> None:
        origin: Any = self.fields["origin"]
        origin.choices = [("", "—"), *((one.pk, str(one)) for one in subject.inputs.all())]

    def clean_seen(self) -> int:
        return self.cleaned_data.get("seen") or 0


class DropDecision(StepForm):
    decision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


FORMS.update(
    {
        "management_review.prepare.invite": Plain,
        "management_review.prepare.cancel": Plain,
        "management_review.hold.submit": Plain,
        "management_review.hold.return_to_preparation": Plain,
        "management_review.hold.cancel": Plain,
        "management_review.sign.sign": Plain,
        "management_review.sign.return_to_minutes": Plain,
        "management_review.approve.approve": Plain,
        "management_review.approve.return_to_minutes": Plain,
        "management_review.act.edit": Head,
        "management_review.act.compile": Plain,
        "management_review.act.upload": Upload,
        "management_review.act.take_back": TakeBack,
        "management_review.act.not_applicable": NotApplicable,
        "management_review.act.applicable": InputKey,
        "management_review.act.add_participant": AddParticipant,
        "management_review.act.drop_participant": DropParticipant,
        "management_review.act.mark_presence": MarkPresence,
        "management_review.act.write_minutes": WriteMinutes,
        "management_review.act.put_decision": PutDecision,
        "management_review.act.drop_decision": DropDecision,
    }
)
CHOICE_ICONS.update({"sign": "signature", "compile": "refresh"})
