"""Made-up answers, from suspicion to decision (shared/QUALITY.md F2, F3).

The checks propose and accuse nobody. One person takes a finding up or dismisses it; after field
work a second one confirms it, takes the forms out of the score and opens an integrity case. A
form that was taken out stays where it is.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _, override

from accounts.models import User
from cases.domain.findings import open_finding
from cases.domain.importing.customers import chunks
from cases.enums import Kind
from cases.validators import LONG, Problems
from surveys.domain.checks import CHECKS
from surveys.domain.detector_bars import draw
from surveys.domain.detectors import Found, Row
from surveys.enums import FINDING_PREFIX, CampaignState
from surveys.models import Campaign, Examination, Finding, FlaggedResponse, Response
from surveys.permissions import may_examine
from surveys.rules import second_person
from workflows.domain import processes
from workflows.domain.acts import command
from workflows.domain.context import now
from workflows.domain.numbering import next_number
from workflows.domain.record import Deed
from workflows.domain.scheduler import chore
from workflows.domain.transitions import business_transaction
from workflows.errors import Conflict, Forbidden

SOURCE = "integrity"
# Answers of a campaign that ended longer ago are examined by hand, if at all.
LATEST = timedelta(days=90)


def examine(campaign: Campaign, *, by: User | None = None) -> list[Finding]:
    """Run all checks over the valid forms of a campaign; propose what was not proposed before.

    Checks run before the lock, as they may take seconds; what is proposed already is asked
    inside it. Raises Forbidden, and Conflict for a campaign that was not launched.
    """
    if by is not None and not may_examine(by):
        raise Forbidden(_("Made-up answers are looked for by the quality department."))
    if campaign.state != CampaignState.LAUNCHED:
        raise Conflict(_("This campaign has not been launched."))
    rows = rows_of(campaign)
    found = [(key, one) for key, check in CHECKS.items() for one in check.run(rows)]
    with business_transaction():
        campaign = Campaign.locked(campaign.pk)
        known = proposed_before(campaign)
        findings = []
        for key, one in found:
            fresh = [pk for pk in one.responses if (key, pk) not in known]
            if fresh:
                findings.append(propose(campaign, key, one, fresh, rows=rows, by=by))
        Examination.objects.create(
            campaign=campaign, at=now(), by=by, forms=len(rows), proposed=len(findings)
        )
    return findings


def rows_of(campaign: Campaign) -> list[Row]:
    """The forms that count, as the checks want them."""
    zone = timezone.get_default_timezone()
    found = (
        campaign.responses.filter(invalidated_by=None)
        .order_by("pk")
        .values_list(
            "pk", "levels", "received_at", "texts", "interviewer", "seconds", "device", "address",
            "channel", "signs",
        )
    )  # fmt: skip
    return [
        Row(pk, levels, moment.astimezone(zone), words(texts), who, seconds, device, address,
            channel, signs)
        for pk, levels, moment, texts, who, seconds, device, address, channel, signs
        in found.iterator(5000)
    ]  # fmt: skip


def words(texts: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(text).strip() for _key, text in sorted(texts.items()) if str(text).strip())


def proposed_before(campaign: Campaign) -> set[tuple[str, int]]:
    """Which forms each check has flagged already, whatever became of it."""
    flagged = FlaggedResponse.objects.filter(finding__campaign=campaign)
    return set(flagged.values_list("finding__check_key", "response_id"))


def propose(
    campaign: Campaign,
    key: str,
    found: Found,
    fresh: list[int],
    *,
    rows: Sequence[Row],
    by: User | None,
) -> Finding:
    """A finding with its process, its picture and the forms it is about."""
    moment, bars = now(), draw(key, found.about, rows, set(fresh))
    with override(settings.LANGUAGE_CODE):
        title = f"{CHECKS[key].title} · {found.about}" if found.about else str(CHECKS[key].title)
    finding = Finding(
        campaign=campaign,
        check_key=key,
        title=title[:200],
        fingerprint=fingerprint(key, found.about, fresh),
        evidence={**found.evidence, "about": found.about, "bars": bars},
        found_at=moment,
        number=next_number(FINDING_PREFIX, year=timezone.localtime(moment).year, digits=4),
    )
    processes.begin(finding.flow_key, "start", finding, Deed(by=by, act="propose", at=moment))
    FlaggedResponse.objects.bulk_create(
        FlaggedResponse(finding=finding, response_id=pk, note=found.notes.get(pk, "")[:200])
        for pk in fresh
    )
    return finding


def fingerprint(key: str, about: str, responses: Iterable[int]) -> str:
    parts = [key, about, *map(str, sorted(responses))]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


# ---------------------------------------------------------------------------- decisions
@command()
def pursue(finding: Finding, *, by: User, at: datetime, decision: str) -> None:
    """Take it up: what is to be found out in the field, with the customers themselves."""
    problems = Problems()
    finding.decision = problems.text("decision", decision, most=LONG, needed=True)
    problems.check()
    finding.decided_by = by


@command()
def dismiss(finding: Finding, *, by: User, at: datetime) -> None:
    """Nothing in it; the reason is kept in the record."""
    if finding.decided_by_id is None:
        finding.decided_by = by


@command(second_person)
def confirm(
    finding: Finding, *, by: User, at: datetime, field_work: str, spared: Iterable[int] = ()
) -> None:
    """The forms are made up: all that were flagged, but those that the field work `spared`
    (keys of responses), leave the score, and an integrity case is opened."""
    problems = Problems()
    finding.field_work = problems.text("field_work", field_work, most=LONG, needed=True)
    kept = set(spared)
    taken_out = [
        pk
        for pk in finding.flagged.order_by("response").values_list("response_id", flat=True)
        if pk not in kept
    ]
    if not taken_out:
        problems.add("spared", _("At least one form must be made up; else dismiss the finding."))
    problems.check()
    finding.confirmed_by = by
    count = 0
    for chunk in chunks(taken_out):
        valid = Response.objects.filter(pk__in=chunk, invalidated_by=None)
        count += valid.update(invalidated_by=finding)
    finding.case = integrity_case(finding, by=by, count=count)


def integrity_case(finding: Finding, *, by: User, count: int) -> Any:
    """What comes of it for those who made answers up is decided in a case."""
    campaign = finding.campaign
    with override(settings.LANGUAGE_CODE):
        lines = [
            _("Campaign %(number)s, %(title)s")
            % {"number": campaign.number, "title": campaign.title},
            _("Finding %(number)s, %(title)s") % {"number": finding.number, "title": finding.title},
            _("Forms taken out of the score: %(count)s") % {"count": count},
            finding.decision,
            finding.field_work,
        ]
        title = _("Made-up answers: %(title)s") % {"title": finding.title}
    return open_finding(
        by=by,
        kind=Kind.INTEGRITY,
        title=title[:200],
        description="\n".join(filter(None, lines))[:LONG],
        source=SOURCE,
        external_ref=finding.number,
    )


# ---------------------------------------------------------------------------- by itself
@chore("integrity", every=timedelta(minutes=30))
def examine_ended() -> int:
    """Examine campaigns that have ended, and again where answers were imported since."""
    moment = now()
    ended = Campaign.objects.filter(
        state=CampaignState.LAUNCHED, ends_at__lte=moment, ends_at__gt=moment - LATEST
    ).annotate(last=Max("examinations__at"), batch=Max("batches__at"))
    due = ended.filter(Q(last=None) | Q(last__lt=F("ends_at")) | Q(last__lt=F("batch")))
    return sum(len(examine(campaign)) for campaign in due.order_by("pk"))
