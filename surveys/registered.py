"""Everything of this app that the engine must know of: imported once, at start-up."""

from surveys.domain import mailing  # noqa: F401
from surveys.flows import campaign as _campaign  # noqa: F401
from surveys.web import forms_campaign  # noqa: F401
from surveys.domain import ledger  # noqa: F401 (follows the cases)

from surveys.flows import questionnaire as _questionnaire  # noqa: F401
from surveys.web import forms_questionnaire as _forms_questionnaire  # noqa: F401
