"""Forms about the clocks of a case or an action."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.domain.clock_acts import REASON_LENGTH, WAITED_FOR
from cases.web.forms.base import StepForm
from cases.web.forms.fields import Due, Long
from workflows.domain.clock_plans import title


class PauseClocks(StepForm):
    why = forms.ChoiceField(
        label=_("What we wait for"), choices=WAITED_FOR, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("Reason, read by everybody"), max_length=REASON_LENGTH)


class ExtendClock(StepForm):
    """One of the clocks that run; those of the law are not on offer."""

    clock = forms.TypedChoiceField(label=_("Clock"), widget=forms.RadioSelect)
    due = Due(label=_("New due date"))
    grounds = Long(label=_("Why it takes longer"), rows=3)

    def prepare(self, subject: Any) -> None:
        running = {str(one.pk): one for one in subject.open_clocks if not one.statutory}
        field = self.fields["clock"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(key, title("case", one.name)) for key, one in running.items()]
        field.coerce = running.__getitem__
