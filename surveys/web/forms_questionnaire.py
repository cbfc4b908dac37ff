"""Forms of the steps and acts of a questionnaire; its text is written in the builder."""

from cases.web.forms import FORMS
from cases.web.forms.base import Plain, StepForm


class Written(StepForm):
    """What the builder sends (surveys/web/builder.py)."""

    INPUTS = ("title", "title_en", "document")


FORMS.update(
    {
        "questionnaire.edit.submit": Plain,
        "questionnaire.edit.drop": Plain,
        "questionnaire.approve.approve": Plain,
        "questionnaire.approve.return_to_draft": Plain,
        "questionnaire.act.edit": Written,
        "questionnaire.act.revise": Plain,
        "questionnaire.act.retire": Plain,
    }
)
