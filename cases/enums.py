"""Fixed words of cases (shared/DOMAIN.md 2 and 3, ISO 10002). docs/vocabulary has the Chinese."""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What came in. Complaints and incidents run a process; the rest is answered and counted.

    The last two are raised by ourselves, out of figures (cases/domain/findings.py).
    """

    COMPLAINT = "complaint", _("Complaint")
    INCIDENT = "incident", _("Quality incident")
    OPINION = "opinion", _("Opinion or suggestion")
    INQUIRY = "inquiry", _("Inquiry")
    PRAISE = "praise", _("Praise")
    RETURN = "return", _("Return of goods")
    IMPROVEMENT = "improvement", _("Improvement proposal")
    INTEGRITY = "integrity", _("Integrity check")


# The letters a number begins with: 投诉, 事故, 建议, 问询, 表扬, 退货, 改进, 诚信.
PREFIXES: dict[str, str] = {
    Kind.COMPLAINT: "TS",
    Kind.INCIDENT: "SG",
    Kind.OPINION: "JY",
    Kind.INQUIRY: "WX",
    Kind.PRAISE: "BY",
    Kind.RETURN: "TH",
    Kind.IMPROVEMENT: "GJ",
    Kind.INTEGRITY: "CX",
}
ACTION_PREFIX = "CA"
PROCESSED = frozenset({Kind.COMPLAINT, Kind.INCIDENT})
FINDINGS = frozenset({Kind.IMPROVEMENT, Kind.INTEGRITY})
# What somebody may log: what came in from outside.
LOGGED = [choice for choice in Kind.choices if choice[0] not in FINDINGS]


class Severity(TextChoices):
    GENERAL = "general", _("General")
    MAJOR = "major", _("Major")


class Harm(TextChoices):
    """What it did to people and property; with the extent it proposes the severity."""

    NONE = "none", _("None: appearance or paper")
    MINOR = "minor", _("Minor: use is impaired")
    SERIOUS = "serious", _("Serious: product fails, loss of property")
    CRITICAL = "critical", _("Critical: danger to people")


class Extent(TextChoices):
    """How far it reaches."""

    SINGLE = "single", _("One piece")
    SEVERAL = "several", _("Several pieces")
    BATCH = "batch", _("A batch")
    WIDE = "wide", _("Several batches or customers")


class CaseState(TextChoices):
    """What a case waits for, or how it ended."""

    NEW = "new", _("New")
    ACKNOWLEDGEMENT = "acknowledgement", _("To be acknowledged")
    TRIAGE = "triage", _("In triage")
    STATEMENT = "statement", _("Awaiting statement")
    ARBITRATION = "arbitration", _("In arbitration")
    REVIEW = "review", _("In review")
    ACTION = "action", _("Corrective action running")
    VERIFICATION = "verification", _("To be verified")
    REPLY = "reply", _("To be replied")
    FEEDBACK = "feedback", _("Awaiting customer's answer")
    CLOSING = "closing", _("To be closed")
    CLOSED = "closed", _("Closed")
    REJECTED = "rejected", _("Rejected")
    MERGED = "merged", _("Merged")
    CONVERTED = "converted", _("Turned into another kind")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ANSWERING = "answering", _("To be answered")
    ANSWERED = "answered", _("Answered")
    # Of major incidents. "Raised" lasts no longer than the deed that raises.
    RAISED = "raised", _("Raised to major")
    INVESTIGATION = "investigation", _("Under investigation")
    CONVENING = "convening", _("Joint review to be convened")
    JOINT_REVIEW = "joint_review", _("In joint review")
    MEASURES = "measures", _("Measures to be drafted")
    COMPLETENESS = "completeness", _("Measures under review")
    APPROVAL = "approval", _("Measures to be approved")
    COUNTERSIGNATURE = "countersignature", _("To be countersigned")


ENDED = frozenset(
    {
        CaseState.CLOSED,
        CaseState.REJECTED,
        CaseState.MERGED,
        CaseState.CONVERTED,
        CaseState.WITHDRAWN,
        CaseState.ANSWERED,
    }
)
OPEN = frozenset(CaseState) - ENDED - {CaseState.NEW}


# The states in which only a major incident waits.
INCIDENT_STATES = frozenset(
    {
        CaseState.INVESTIGATION,
        CaseState.CONVENING,
        CaseState.JOINT_REVIEW,
        CaseState.MEASURES,
        CaseState.COMPLETENESS,
        CaseState.APPROVAL,
    }
)


# From where a general complaint can be raised to major, and a major case lowered again: as long
# as its measures are not under way or done.
RAISABLE = frozenset(
    {
        CaseState.RAISED,
        CaseState.ACKNOWLEDGEMENT,
        CaseState.TRIAGE,
        CaseState.STATEMENT,
        CaseState.ARBITRATION,
        CaseState.REVIEW,
        CaseState.ACTION,
        CaseState.VERIFICATION,
        CaseState.REPLY,
        CaseState.FEEDBACK,
        CaseState.CLOSING,
    }
)
LOWERABLE = INCIDENT_STATES | {CaseState.ARBITRATION, CaseState.ACTION}
# From here on the customer has been told the outcome.
REPLIED = frozenset(
    {CaseState.FEEDBACK, CaseState.CLOSING, CaseState.COUNTERSIGNATURE, CaseState.CLOSED,
     CaseState.ANSWERED}
)  # fmt: skip
# From where a duplicate can be solved together with another case.
SOLVABLE = OPEN - REPLIED - {CaseState.ANSWERING, CaseState.RAISED}


class ActionState(TextChoices):
    NEW = "new", _("New")
    PROPOSED = "proposed", _("Proposed")
    ASSIGNED = "assigned", _("Assigned")
    RETURNED = "returned", _("Returned by department")
    ACCEPTED = "accepted", _("Accepted")
    IN_PROGRESS = "in_progress", _("In progress")
    SUBMITTED = "submitted", _("Submitted for verification")
    WATCHED = "watched", _("Effect is watched")
    VERIFIED = "verified", _("Verified effective")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


ACTION_ENDED = frozenset({ActionState.CLOSED, ActionState.CANCELLED})


class ActionKind(TextChoices):
    """ISO 9000:2015, 3.12: correction is not corrective action."""

    CONTAINMENT = "containment", _("Containment")
    CORRECTION = "correction", _("Correction")
    CORRECTIVE = "corrective", _("Corrective action")
    PREVENTIVE = "preventive", _("Preventive action")
    IMPROVEMENT = "improvement", _("Improvement")


class CauseFactor(TextChoices):
    """The 6M of a cause-and-effect diagram."""

    MAN = "man", _("Man")
    MACHINE = "machine", _("Machine")
    MATERIAL = "material", _("Material")
    METHOD = "method", _("Method")
    MEASUREMENT = "measurement", _("Measurement")
    ENVIRONMENT = "environment", _("Environment")


class ExtensionState(TextChoices):
    NEW = "new", _("New")
    REQUESTED = "requested", _("Requested")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    LAPSED = "lapsed", _("Lapsed")


class CustomerType(TextChoices):
    DIRECT = "direct", _("Direct customer (dealer)")
    END = "end", _("End customer")
    POTENTIAL = "potential", _("Potential customer")
    INTERNAL = "internal", _("Internal customer")


class Flag(TextChoices):
    """What makes the heaviest deduction; confirmed by the quality department."""

    LEGAL_LIABILITY = "legal_liability", _("Legal liability")
    MEDIA_EXPOSED = "media_exposed", _("Media exposure")


class Answer(TextChoices):
    """What the customer said to our reply."""

    SATISFIED = "satisfied", _("Satisfied")
    UNSATISFIED = "unsatisfied", _("Not satisfied")
    NONE = "none", _("No answer")


class Part(TextChoices):
    """Why a department has to do with a case."""

    SERVICE = "service", _("Logged it")
    RESPONSIBLE = "responsible", _("Responsible")
    ACTION = "action", _("Carries out an action")
    CONCERNED = "concerned", _("Concerned")
    RESPONSE = "response", _("Takes immediate measures")


class Purpose(TextChoices):
    """What an attached file is for."""

    CASE = "case", _("Case file")
    STATEMENT = "statement", _("Statement")
    EVIDENCE = "evidence", _("Evidence of action")
    FLAG = "flag", _("Evidence for a flag")
    REPLY = "reply", _("Reply")
    RESPONSE = "response", _("Immediate measure")
    INVESTIGATION = "investigation", _("Investigation")
    OPINION = "opinion", _("Opinion of a department")
    MINUTES = "minutes", _("Meeting record")
    APPEAL = "appeal", _("Appeal")


class ResponseKind(TextChoices):
    """What is done at once when an incident is logged."""

    CONTAINMENT = "containment", _("Containment")
    ON_SITE = "on_site", _("After-sales on site")
    ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledge to the customer")


class ResponseState(TextChoices):
    NEW = "new", _("New")
    OPEN = "open", _("Under way")
    DONE = "done", _("Done")
    NOT_NEEDED = "not_needed", _("Not needed")
    LAPSED = "lapsed", _("Lapsed")


class OpinionState(TextChoices):
    NEW = "new", _("New")
    REQUESTED = "requested", _("Requested")
    FILED = "filed", _("Filed")
    MISSING = "missing", _("Not filed")


class Matter(TextChoices):
    """What an arbitration decides (仲裁事项)."""

    RESPONSIBILITY = "responsibility", _("Responsibility")
    CLASS = "class", _("Class of the case")
    DEADLINE = "deadline", _("Deadline")
    MEASURE = "measure", _("Measure")


class AppealState(TextChoices):
    NEW = "new", _("New")
    REQUESTED = "requested", _("Requested")
    UPHELD = "upheld", _("Ruling upheld")
    REVISED = "revised", _("Ruling revised")
    LAPSED = "lapsed", _("Lapsed")


class MotionState(TextChoices):
    """A flag proposed or to be revoked: two people of quality or management carry it."""

    NEW = "new", _("New")
    PROPOSED = "proposed", _("Proposed")
    SECONDED = "seconded", _("Confirmed by one person")
    CARRIED = "carried", _("Confirmed by two people")
    DISMISSED = "dismissed", _("Dismissed")
    LAPSED = "lapsed", _("Lapsed")


class Criterion(TextChoices):
    """By what an action counts as effective."""

    INSPECTION = "inspection", _("Inspection of the result")
    MEASUREMENT = "measurement", _("A figure that is reached")
    NO_RECURRENCE = "no_recurrence", _("No case with the same product and cause")


class LinkKind(TextChoices):
    """How one case has to do with another: read from the first to the second."""

    DUPLICATE = "duplicate", _("Duplicate of")
    CAUSED_BY = "caused_by", _("Caused by")
    PART_OF = "part_of", _("Part of")
    SPLIT_FROM = "split_from", _("Split from")
    RECURRENCE = "recurrence", _("Recurrence of")
    RELATED = "related", _("Related to")


class Relation(TextChoices):
    """What somebody may say of this case and another one, read from this one."""

    DUPLICATE = "duplicate", _("Duplicate of")
    HAS_DUPLICATE = "has_duplicate", _("Has duplicate")
    CAUSED_BY = "caused_by", _("Caused by")
    CAUSE_OF = "cause_of", _("Cause of")
    PART_OF = "part_of", _("Part of")
    HAS_PART = "has_part", _("Has part")
    RELATED = "related", _("Related to")


# A relation as a link: its kind, and whether it is read from this case to the other one.
RELATIONS: dict[str, tuple[LinkKind, bool]] = {
    Relation.DUPLICATE: (LinkKind.DUPLICATE, True),
    Relation.HAS_DUPLICATE: (LinkKind.DUPLICATE, False),
    Relation.CAUSED_BY: (LinkKind.CAUSED_BY, True),
    Relation.CAUSE_OF: (LinkKind.CAUSED_BY, False),
    Relation.PART_OF: (LinkKind.PART_OF, True),
    Relation.HAS_PART: (LinkKind.PART_OF, False),
    Relation.RELATED: (LinkKind.RELATED, True),
}
# The words of a link from its second case.
BACKWARDS: dict[str, Any] = {
    LinkKind.DUPLICATE: Relation.HAS_DUPLICATE.label,
    LinkKind.CAUSED_BY: Relation.CAUSE_OF.label,
    LinkKind.PART_OF: Relation.HAS_PART.label,
    LinkKind.SPLIT_FROM: _("Split into"),
    LinkKind.RECURRENCE: _("Recurred as"),
    LinkKind.RELATED: Relation.RELATED.label,
}
# What people say and may take back; the others follow from what was done.
SAID = frozenset(kind for kind, _outward in RELATIONS.values())
# Of these a case has one at most, so that they make trees.
TREES = frozenset({LinkKind.DUPLICATE, LinkKind.PART_OF})


class CheckResult(TextChoices):
    """What the look at a similar product or another site has shown."""

    OPEN = "open", _("To be checked")
    AFFECTED = "affected", _("Affected")
    NOT_AFFECTED = "not_affected", _("Not affected")


class ClockName(TextChoices):
    """What is measured of a case and of what belongs to it."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledge")
    ACCEPT = "accept", _("Accept")
    CONTAIN = "contain", _("Contain")
    INVESTIGATE = "investigate", _("Investigate")
    OPINION = "opinion", _("Give an opinion")
    PLAN = "plan", _("Plan the measures")
    ACT = "act", _("Carry out")
    VERIFY = "verify", _("Verify")
    REPLY = "reply", _("Reply")
    TOTAL = "total", _("Whole case")
    LEGAL_ACCEPTANCE = "legal_acceptance", _("12315: decide on acceptance")
    MEDIATION = "mediation", _("12315: mediation")
