"""What may be done to a case beside the order of its steps, by whom, in which states."""

from django.utils.translation import gettext_lazy as _

from cases import permissions
from cases.domain import corrective, special
from cases.enums import OPEN, CaseState as S
from workflows.domain.acts import Act

DISCUSSED = frozenset({S.STATEMENT, S.ARBITRATION, S.REVIEW, S.ACTION, S.VERIFICATION})

# Of any open case, whichever flow it runs.
COMMON = (
    Act("edit", _("Correct facts"), permissions.service_or_quality, OPEN, special.edit,
        needs_reason=False),
    Act("withdraw", _("Withdraw"), permissions.service_or_quality, OPEN, special.withdraw,
        fires="withdraw", ends="root", hint=_("The customer takes it back; all open steps end.")),
)  # fmt: skip

ACTS = (
    *COMMON,
    Act("propose_action", _("Propose an action"), permissions.may_propose, DISCUSSED,
        corrective.propose, begins="propose", needs_reason=False),
    Act("add_action", _("Order another action"), permissions.is_quality, frozenset({S.ACTION}),
        corrective.add, spawns="actions", needs_reason=False),
    Act("confirm_flag", _("Confirm a flag"), permissions.is_quality, OPEN | {S.CLOSED},
        special.confirm_flag, needs_reason=False),
    Act("revoke_flag", _("Revoke a flag"), permissions.is_quality, OPEN | {S.CLOSED},
        special.revoke_flag, needs_reason=False),
    Act("reopen", _("Reopen"), permissions.lead_or_quality, frozenset({S.CLOSED}),
        special.reopen, starts="restart",
        hint=_("A new round begins with triage; the number stays.")),
)  # fmt: skip
