"""What may be done to a case beside the order of its steps, by whom, in which states."""

from django.utils.translation import gettext_lazy as _

from cases import permissions
from cases.domain import (
    arbitrations,
    clock_acts,
    corrective,
    flags,
    joint_reviews,
    links,
    merging,
    responses,
    serving,
    severity,
    special,
    splitting,
)
from cases.enums import INCIDENT_STATES, LOWERABLE, OPEN, RAISABLE, SOLVABLE, CaseState as S
from cases.flows.waiting import WAITING
from workflows.domain.acts import Act

DISCUSSED = frozenset({S.STATEMENT, S.ARBITRATION, S.REVIEW, S.ACTION, S.VERIFICATION})
RULED = frozenset(
    {
        S.STATEMENT, S.REVIEW, S.MEASURES, S.COMPLETENESS, S.APPROVAL, S.ACTION, S.VERIFICATION,
        S.REPLY, S.FEEDBACK, S.CLOSING,
    }
)  # fmt: skip

# What a signature declares.
RULES = _("I have read the statements and the evidence, and rule on who bears which share.")
CLOSES = _("I have checked that everything of this case is done, and close it for quality.")
COUNTERSIGNS = _("I have seen the case with its flag, and agree to its closing for management.")
RAISES = _("I raise this case to major.")
LOWERS = _("I lower this case to general.")

# Of any open case, whichever flow it runs.
COMMON = (
    Act("edit", _("Correct facts"), permissions.service_or_quality, OPEN, special.edit,
        needs_reason=False),
    Act("withdraw", _("Withdraw"), permissions.service_or_quality, OPEN, special.withdraw,
        fires="withdraw", ends="root", hint=_("The customer takes it back; all open steps end.")),
)  # fmt: skip

# About the clocks of what is processed.
CLOCKS = (
    Act("pause_clocks", _("Pause the clocks"), permissions.works_on, OPEN - {S.FEEDBACK},
        clock_acts.pause, needs_reason=False,
        hint=WAITING),
    Act("resume_clocks", _("Let the clocks go on"), permissions.works_on, OPEN,
        clock_acts.resume, needs_reason=False),
    Act("extend_clock", _("Request more time"), permissions.works_on, OPEN,
        clock_acts.request, begins="start", needs_reason=False,
        hint=_("Quality decides; the original date stays visible.")),
)  # fmt: skip

# Of complaints and incidents.
PROCESSED = (
    *COMMON,
    *CLOCKS,
    Act("propose_action", _("Propose an action"), permissions.may_propose,
        DISCUSSED | INCIDENT_STATES, corrective.propose, begins="propose", needs_reason=False),
    Act("add_action", _("Order another action"), permissions.is_quality, frozenset({S.ACTION}),
        corrective.add, spawns="actions", needs_reason=False),
    Act("serve", _("Use another case's action"), permissions.is_quality, OPEN, serving.serve,
        needs_reason=False, hint=_("An open action of another case serves this one too.")),
    Act("hear", _("Hear a department"), permissions.is_quality, frozenset({S.ARBITRATION}),
        arbitrations.hear, begins="start", needs_reason=False),
    Act("appeal", _("Appeal against the ruling"), permissions.bears_ruling, RULED,
        arbitrations.appeal, begins="start", needs_reason=False,
        hint=_("Once; somebody who did not rule decides.")),
    Act("propose_flag", _("Propose a flag"), permissions.may_write, OPEN | {S.CLOSED},
        flags.propose_flag, begins="start", needs_reason=False,
        hint=_("Two people of quality or management confirm it.")),
    Act("propose_revocation", _("Propose to revoke a flag"), permissions.may_write,
        OPEN | {S.CLOSED}, flags.propose_revocation, begins="start", needs_reason=False),
    Act("link", _("Link with another case"), permissions.service_or_quality, OPEN | {S.CLOSED},
        links.link, needs_reason=False),
    Act("unlink", _("End a link"), permissions.service_or_quality, OPEN | {S.CLOSED},
        links.unlink),
    Act("solve_together", _("Solve together with its original"), permissions.lead_or_quality,
        SOLVABLE, merging.solve_together, fires="solve_together", ends="root",
        hint=_("This duplicate ends; the other case goes on for both.")),
    Act("split", _("Split into several"), permissions.service_or_quality,
        frozenset({S.TRIAGE, S.INVESTIGATION, S.CONVENING}), splitting.split, needs_reason=False,
        hint=_("Further complaints get numbers of their own; this case keeps the rest.")),
    Act("reopen", _("Reopen"), permissions.lead_or_quality, frozenset({S.CLOSED}),
        special.reopen, starts="restart",
        hint=_("A new round begins; the number stays.")),
)  # fmt: skip

ACTS = (
    *PROCESSED,
    Act("raise_severity", _("Raise to major"), permissions.lead_or_quality,
        RAISABLE - {S.RAISED, S.TRIAGE}, severity.raise_severity, starts="raised",
        flow="incident", ends="flow", signs=RAISES,
        hint=_("It goes on as a major incident, with everything it has.")),
)  # fmt: skip

INCIDENT_ACTS = (
    *PROCESSED,
    Act("order_response", _("Ask for an immediate response"), permissions.service_or_quality,
        OPEN, responses.order_response, begins="start", needs_reason=False),
    Act("invite", _("Ask one more department"), permissions.is_quality,
        frozenset({S.JOINT_REVIEW}), joint_reviews.invite, spawns="opinions", needs_reason=False),
    Act("conclude", _("Conclude the joint review"), permissions.is_quality,
        frozenset({S.JOINT_REVIEW}), joint_reviews.conclude, finishes="opinions",
        hint=_("Opinions that are missing stay visible as missing.")),
    Act("record_minutes", _("Attach the meeting record"), permissions.is_quality,
        frozenset({S.JOINT_REVIEW, S.ARBITRATION}), joint_reviews.record_minutes,
        needs_reason=False),
    Act("lower_severity", _("Lower to general"), permissions.leads_quality, LOWERABLE,
        severity.lower_severity, starts="lowered", flow="complaint", ends="flow", signs=LOWERS,
        hint=_("It is triaged anew as a complaint, with everything it has.")),
)  # fmt: skip
