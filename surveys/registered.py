"""Everything of this app that the engine must know of: imported once, at start-up."""

from surveys.demo import (  # noqa: F401 (in this order)
    build as _demo,
    inputs as _demo_inputs,
    reports as _demo_reports,
    reviews as _demo_reviews,
)
from surveys.documents import analysis as _analysis  # noqa: F401
from surveys.domain import (  # noqa: F401 (follow closings, mail, open drafts, forget)
    closing,
    invariants as _invariants,
    invariants_reports as _invariants_reports,
    ledger,
    mailing,
    plans,
    proposals as _proposals,
    ready as _ready,
    sends as _sends,
)
from surveys.domain.inputs import invariants as _inputs, lost_policy as _lost  # noqa: F401
from surveys.domain.reports import files as _files  # noqa: F401
from surveys.domain.reviews import (  # noqa: F401 (agenda, compilers, who is told)
    complaints as _complaints,
    editions as _editions,
    market as _market,
    measures as _measures,
    notices as _notices,
    satisfaction as _satisfaction,
)
from surveys.flows import (
    campaign as _campaign,  # noqa: F401
    finding as _finding,  # noqa: F401
    management_review as _management_review,  # noqa: F401
    questionnaire as _questionnaire,  # noqa: F401
    report as _report,  # noqa: F401
)
from surveys.web import (
    forms_assessment as _forms_assessment,  # noqa: F401
    forms_campaign,  # noqa: F401
    forms_finding,  # noqa: F401
    forms_questionnaire as _forms_questionnaire,  # noqa: F401
    forms_report as _forms_report,  # noqa: F401
    forms_review as _forms_review,  # noqa: F401
)
from surveys.web.inputs import policy as _policy  # noqa: F401
