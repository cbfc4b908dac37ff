"""Fixed words of the satisfaction module (shared/DOMAIN.md 5, ISO 10004)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _, pgettext_lazy

# The letters numbers begin with: 问卷, 调查, 核查, 分析报告.
QUESTIONNAIRE_PREFIX = "WJ"
CAMPAIGN_PREFIX = "DC"
FINDING_PREFIX = "HC"
REPORT_PREFIX = "FX"
REVIEW_PREFIX = "MR"

# An answer as it is stored: one character a sub-item, in the order of the questionnaire.
LEVELS = "54321"
NOT_APPLICABLE = "-"
BLANK = " "


class QuestionnaireKind(TextChoices):
    SURVEY = "survey", _("Survey form")
    VISIT = "visit", _("Visit form")
    COMPLAINT = "complaint", _("How a complaint was handled")


class QuestionnaireState(TextChoices):
    NEW = "new", _("New")
    DRAFT = "draft", _("Draft")
    APPROVAL = "approval", _("In approval")
    APPROVED = "approved", _("Approved")
    RETIRED = "retired", _("Replaced or retired")
    DROPPED = "dropped", _("Dropped")


class CampaignState(TextChoices):
    """What people decided; whether it is running is told by its window and the clock."""

    NEW = "new", _("New")
    DRAFT = "draft", _("Draft")
    LAUNCHED = "launched", _("Launched")
    CANCELLED = "cancelled", _("Cancelled")


class Mode(TextChoices):
    """Who carries a campaign out (自主/第三方)."""

    OWN = "own", _("By ourselves")
    THIRD_PARTY = "third_party", _("By a third party")


class ResponseChannel(TextChoices):
    """How a form came back."""

    LINK = "link", _("Personal link")
    PAPER = "paper", _("Paper form")
    PHONE = "phone", _("Telephone")
    VISIT = "visit", _("Visit")
    IMPORT = "import", _("Imported")


class Sign(TextChoices):
    """What looked like a machine while a form came in; several are joined by a blank."""

    CROWD = "crowd", _("One of very many forms from one address within a minute")
    TRAP = "trap", _("Filled in a field that people do not see")


class FindingState(TextChoices):
    """A suspicion that answers were made up, from proposal to decision."""

    NEW = "new", _("New")
    PROPOSED = "proposed", _("To be examined")
    PURSUED = "pursued", _("In field work")
    CONFIRMED = "confirmed", _("Confirmed")
    DISMISSED = "dismissed", _("Dismissed")


class ReviewState(TextChoices):
    """A management review on its way from the agenda to the second signature."""

    NEW = "new", _("New")
    PREPARATION = "preparation", _("In preparation")
    MEETING = "meeting", _("Called; minutes to be written")
    SIGNING = "signing", _("With the management representative")
    APPROVAL = "approval", _("With the general manager")
    CLOSED = "closed", _("Signed")
    CANCELLED = "cancelled", _("Cancelled")


class InputState(TextChoices):
    """How an input of a management review is there; a gap is not."""

    GAP = "gap", _("Gap")
    COMPILED = "compiled", _("Compiled")
    UPLOADED = "uploaded", _("Uploaded")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class Presence(TextChoices):
    INVITED = "invited", _("Invited")
    PRESENT = "present", _("Present")
    EXCUSED = "excused", _("Excused")


class DecisionKind(TextChoices):
    """The outputs of a management review (ISO 9001, 9.3.3)."""

    IMPROVEMENT = "improvement", _("Opportunity for improvement")
    SYSTEM_CHANGE = "system_change", _("Change to the quality management system")
    RESOURCES = "resources", _("Resources needed")


class Rhythm(TextChoices):
    """When a recurring plan opens a draft."""

    HALF_YEAR = "half_year", _("April–June and October–December")
    QUARTER = "quarter", _("Every quarter")
    MONTH = "month", _("Every month")


class DeductionRule(TextChoices):
    """The headings under which a case may count; the heavier one wins."""

    GENERAL = "general", _("General complaints")
    FLAGGED = "flagged", _("Incidents with legal liability or media exposure")
    MAJOR = "major", _("Major cases without a flag")


class ReportState(TextChoices):
    """An analysis report on its way; a frozen one never changes."""

    NEW = "new", _("New")
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("With the management representative")
    APPROVAL = "approval", _("With the general manager")
    FROZEN = "frozen", _("Approved and frozen")
    DROPPED = "dropped", _("Dropped")


class ConclusionKind(TextChoices):
    """What a conclusion asks for: a case of its own, or nothing but to be known."""

    IMPROVEMENT = "improvement", _("Improvement")
    OBSERVATION = "observation", _("Observation")


class Mark(TextChoices):
    """What a reader must know of a figure before relying on it."""

    QUESTIONNAIRE_CHANGED = "questionnaire_changed", _("The questionnaire changed")
    INSIDE_INTERVAL = "inside_interval", _("Within the interval: may be chance")
    NOT_REPRESENTATIVE = "not_representative", _("Not representative")
    BELOW_MINIMUM = "below_minimum", _("Too few forms to show")
    PROVISIONAL = "provisional", _("Provisional: a source is missing")
    SAMPLED = "sampled", _("Found in a sample of the texts")


# ---------------------------------------------------------------------------- other inputs
class InputKind(TextChoices):
    """Inputs of the analysis report that come from elsewhere; also their part of an address."""

    PRESS = "press", _("Media and bulletins")
    RETURNS = "returns", _("Returns of goods")
    QUALITY = "quality", _("Delivered quality")
    SALES = "sales", _("Sales volume")


class PressKind(TextChoices):
    MEDIA = "media", _("Media report")
    BULLETIN = "bulletin", _("Regulator bulletin")


class Verdict(TextChoices):
    """How the media speak of us, and what a regulator found."""

    FAVOURABLE = "favourable", _("Favourable")
    NEUTRAL = "neutral", _("Neutral")
    CRITICAL = "critical", _("Critical")
    CONFORMING = "conforming", _("Conforming")
    NOTICE = "notice", _("Notice to the trade")
    NONCONFORMING = "nonconforming", _("Nonconforming")
    RECALL = "recall", _("Recall")


OF_KIND: dict[str, tuple[str, ...]] = {
    PressKind.MEDIA: (Verdict.FAVOURABLE, Verdict.NEUTRAL, Verdict.CRITICAL),
    PressKind.BULLETIN: (
        Verdict.CONFORMING,
        Verdict.NOTICE,
        Verdict.NONCONFORMING,
        Verdict.RECALL,
    ),
}


class Comparison(TextChoices):
    """What a period's sales are compared with."""

    BEFORE = "before", _("The period before it")
    YEAR_BEFORE = "year_before", _("The same period of the year before")


class Measure(TextChoices):
    AMOUNT = "amount", _("Amount")
    QUANTITY = "quantity", _("Quantity")


class Trade(TextChoices):
    """How a customer's purchases stand against the earlier period."""

    LOST = "lost", _("Lost")
    FALLING = "falling", _("Falling")
    NEW = "new", pgettext_lazy("customer", "New")
    REGAINED = "regained", _("Regained")
    STEADY = "steady", _("Steady")
