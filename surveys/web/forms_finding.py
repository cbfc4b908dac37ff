"""Forms of an integrity finding: taking it up, and confirming it form by form."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from cases.web.case_looks import CHOICE_ICONS
from cases.web.forms import FORMS
from cases.web.forms.base import Plain, StepForm
from cases.web.forms.fields import Long
from surveys.models import Finding


class Pursue(StepForm):
    decision = Long(
        label=_("What is to be found out"),
        rows=3,
        help_text=_("Whom to ask, and what they should confirm."),
    )


class Confirm(StepForm):
    """The forms that stay ticked leave the score. Where they are too many to tick, the genuine
    ones are named by their external ids."""

    INPUTS = ("spared",)
    field_work = Long(
        label=_("What the field work found"),
        rows=4,
        help_text=_("Who was asked, when, and what they said."),
    )

    def prepare(self, subject: Finding) -> None:
        self.finding = subject
        if subject.tickable:
            choices = [(str(one.response_id), label(one)) for one in subject.tickable]
            self.fields["made_up"] = forms.MultipleChoiceField(
                label=_("Forms that were made up"),
                required=False,
                choices=choices,
                initial=[key for key, _label in choices],
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Take the tick off forms that are genuine."),
            )
        else:
            self.fields["genuine"] = Long(
                label=_("Forms that are genuine"),
                required=False,
                rows=3,
                help_text=_("External ids, one a line; all the others leave the score."),
            )

    def clean(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        if "made_up" in given:
            ticked = {int(key) for key in given["made_up"]}
            flagged = {one.response_id for one in self.finding.tickable}
            given["spared"] = flagged - ticked
        elif "genuine" in self.fields:
            given["spared"] = self.named(given.get("genuine", ""))
        return given

    def named(self, text: str) -> set[int]:
        """The forms of these external ids; what is none of the finding is an error here."""
        wanted = {line.strip() for line in text.splitlines() if line.strip()}
        found = dict(
            self.finding.flagged.filter(response__external_id__in=sorted(wanted)[:500])
            .values_list("response__external_id", "response_id")
        )  # fmt: skip
        if unknown := sorted(wanted - set(found)):
            names = ", ".join(unknown[:10])
            self.add_error("genuine", gettext("Not known: %(names)s") % {"names": names})
        return set(found.values())

    def refuse(self, error: Any) -> None:
        """What is wrong with the forms stands where they are chosen."""
        found = error.message_dict if hasattr(error, "error_dict") else {}
        place = "made_up" if "made_up" in self.fields else "genuine"
        for message in found.pop("spared", []):
            self.add_error(place, message)
        if found:
            super().refuse(type(error)(found))
        elif not hasattr(error, "error_dict"):
            super().refuse(error)


def label(flag: Any) -> str:
    """One form in the list: its number, who asked, how long it took."""
    response = flag.response
    parts = [response.external_id, response.interviewer]
    if response.seconds is not None:
        parts.append(f"{response.seconds} s")
    return " · ".join(filter(None, parts))


CHOICE_ICONS.update({"pursue": "search", "confirm": "flag"})
FORMS.update(
    {
        "finding.examine.pursue": Pursue,
        "finding.examine.dismiss": Plain,
        "finding.confirm.confirm": Confirm,
        "finding.confirm.dismiss": Plain,
    }
)
