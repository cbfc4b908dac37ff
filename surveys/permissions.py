"""Who may do what in the satisfaction module; pure predicates over the person's authority."""

from typing import Any

from accounts.enums import Role

QUALITY = (Role.QUALITY_ENGINEER, Role.QUALITY_MANAGER)
MANAGEMENT = (Role.MANAGEMENT_REPRESENTATIVE, Role.GENERAL_MANAGER)


def may_read(by: Any) -> bool:
    """Index, campaigns, answers: marketing, quality, management, heads and auditors."""
    return by.authority.is_any(Role.MARKETING, *QUALITY, *MANAGEMENT, Role.HEAD, Role.AUDITOR)


def may_survey(by: Any) -> bool:
    """Draw up questionnaires, run campaigns, enter forms: marketing and quality."""
    return by.authority.is_any(Role.MARKETING, *QUALITY)


def runs(subject: Any, by: Any) -> bool:
    """The same, for acts on a campaign."""
    return may_survey(by)


def may_approve(by: Any) -> bool:
    """Approve questionnaires."""
    return by.authority.is_any(Role.QUALITY_MANAGER, *MANAGEMENT)


def may_set_policy(by: Any) -> bool:
    """Draw up and publish versions of the policy."""
    return by.authority.is_any(Role.QUALITY_MANAGER, Role.MANAGEMENT_REPRESENTATIVE)


def may_sign(by: Any) -> bool:
    """Sign the index of a period."""
    return by.authority.is_any(*MANAGEMENT)


def may_examine(by: Any) -> bool:
    """Decide on made-up answers."""
    return by.authority.is_any(*QUALITY)


def may_read_inputs(by: Any) -> bool:
    """Media, bulletins, returns, delivered quality, sales: quality, management, marketing,
    auditors. Sales figures of customers are no matter of the other departments."""
    return by.authority.is_any(Role.MARKETING, *QUALITY, *MANAGEMENT, Role.AUDITOR)


def may_log_inputs(by: Any) -> bool:
    """Log, import, correct and withdraw them: marketing and quality."""
    return may_survey(by)


def may_draft_report(by: Any) -> bool:
    """Draw up the analysis report: the marketing centre."""
    return by.authority.is_any(Role.MARKETING)


def drafts(report: Any, by: Any) -> bool:
    """The same, for acts on a report."""
    return may_draft_report(by)


def reviews(report: Any, by: Any) -> bool:
    """Remark at a paragraph: whoever may sign."""
    return by.authority.is_any(*MANAGEMENT)


def prepares_reviews(by: Any) -> bool:
    """Draw up management reviews and write at them: the quality department."""
    return by.authority.is_any(*QUALITY)


def writes_review(review: Any, by: Any) -> bool:
    """The same, for acts on a review."""
    return prepares_reviews(by)


def reads_reviews(by: Any) -> bool:
    """Every management review; who takes part in one reads that one (domain/reviews/reading)."""
    return by.authority.is_any(*QUALITY, *MANAGEMENT, Role.AUDITOR)
