"""The policy of major incidents: versions of the matrix, the figures and the vague wordings."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from cases.domain import incident_policies, incident_versions as versions
from cases.domain.defaults import ensure_defaults, incident_policy, read
from cases.models import IncidentPolicy
from tests.cases.pages import browser
from workflows.domain import context, policies as deadlines
from workflows.domain.policies import Key
from workflows.domain.versions import IN_FORCE, PLANNED
from workflows.errors import Forbidden, Stale
from workflows.models import DeadlinePolicy, DeadlineRule

pytestmark = pytest.mark.django_db
PAGE = "/administration/policies/incidents/"
CELL = "matrix.serious.several"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def company(company):
    ensure_defaults()
    return company


def today(days: int = 0):
    return timezone.localdate(context.now()) + timedelta(days=days)


def change(company, days: int = 0, cells=None, **given):
    first = incident_policy()
    matrix = {harm: dict(row) for harm, row in first.matrix.items()}
    for (harm, extent), severity in (cells or {}).items():
        matrix[harm][extent] = severity
    usual = {
        "matrix": matrix, "quorum_percent": 60, "hearing_hours": Decimal(16), "appeal_days": 7,
        "watch_days": 90, "vague_phrases": first.vague_phrases, "reason": "新规定",
    }  # fmt: skip
    return versions.new_incident_policy(
        by=company.manager, holds_from=today(days), **{**usual, **given}
    )


def wrong(company, **given) -> dict:
    with pytest.raises(ValidationError) as error:
        change(company, **given)
    return error.value.message_dict


def proposed(harm: str, extent: str) -> str | None:
    policy = incident_policies.in_force(context.now())
    return incident_policies.proposed_severity(policy, harm, extent)


def test_a_new_matrix_proposes_from_its_day_on_and_not_before(company):
    assert proposed("minor", "single") == "general"
    change(company, days=3, cells={("minor", "single"): "major"})
    assert proposed("minor", "single") == "general"
    with context.at(context.now() + timedelta(days=4)):
        assert proposed("minor", "single") == "major"


def test_changes_read_cell_by_cell_and_word_by_word(company):
    first = IncidentPolicy.objects.get()
    phrases = [*first.vague_phrases[1:], "多沟通"]
    second = change(
        company, cells={("serious", "batch"): "general", ("none", "wide"): "general"},
        quorum_percent=75, hearing_hours=Decimal("8.50"), vague_phrases=phrases,
    )  # fmt: skip
    found = [(one.label, one.before, one.after) for one in versions.changes(first, second)]
    assert found == [
        ("Quorum of a joint review in per cent", "60", "75"),
        ("Working hours for a party's statement", "16 h", "8.5 h"),
        ("None × Several batches or customers", "Major", "General"),
        ("Serious × A batch", "Major", "General"),
        ("Wordings that are no measure", first.vague_phrases[0], "多沟通"),
    ]


def test_every_bad_input_is_told_at_its_field(company):
    assert set(wrong(company, quorum_percent=0)) == {"quorum_percent"}
    assert set(wrong(company, quorum_percent=101)) == {"quorum_percent"}
    assert set(wrong(company, appeal_days=0, watch_days=731)) == {"appeal_days", "watch_days"}
    for hours in ("0", "1000.01", "2.005", "NaN", "Infinity"):
        assert set(wrong(company, hearing_hours=Decimal(hours))) == {"hearing_hours"}, hours
    assert set(wrong(company, cells={("serious", "several"): "huge"})) == {CELL}
    assert set(wrong(company, matrix={})) == {
        f"matrix.{harm}.{extent}"
        for harm in ("none", "minor", "serious", "critical")
        for extent in ("single", "several", "batch", "wide")
    }
    assert set(wrong(company, reason=" ", days=-1)) == {"reason", "holds_from"}
    assert IncidentPolicy.objects.count() == 1


@pytest.mark.parametrize(
    ("phrases", "said"),
    [
        (["加"], "too short"),
        (["x" * 61], "60"),
        (["remind", "Remind"], "twice"),
        (["a\x00b"], ""),
        ([f"wording {turn}" for turn in range(101)], "At most 100"),
    ],
)
def test_wordings_are_of_a_length_and_not_there_twice(company, phrases, said):
    found = wrong(company, vague_phrases=phrases)
    assert set(found) == {"vague_phrases"} and said in " ".join(found["vague_phrases"])


def test_no_wording_at_all_is_a_policy_too(company):
    assert change(company, vague_phrases=[]).vague_phrases == []


@pytest.mark.parametrize("who", ["agent", "head", "engineer", "director", "auditor"])
def test_nobody_else_makes_a_version_or_finds_the_page(company, who):
    by = getattr(company, who)
    company.manager = by
    with pytest.raises(Forbidden):
        change(company)
    client = browser(by)
    for url in (PAGE, f"{PAGE}new/"):
        assert client.get(url).status_code == client.post(url).status_code == 404


def test_a_version_made_from_an_old_page_is_told_so(company):
    first = IncidentPolicy.objects.get().pk
    change(company, seen=first)
    with pytest.raises(Stale, match="李强"):
        change(company, seen=first)


# ---------------------------------------------------------------------------- on screen
def typed(client, **changes) -> dict:
    form = client.get(f"{PAGE}new/").context["form"]
    given = {field.name: field.value() for field in form if field.value() not in (None, "")}
    return {**given, "holds_from": f"{today():%Y-%m-%d}", "reason": "审核要求", **changes}


def test_a_version_made_on_screen_says_what_was_typed_and_nothing_else(company):
    client = browser(company.manager)
    first = IncidentPolicy.objects.get()
    text = client.get(PAGE).content.decode()
    assert "Severity that harm and extent propose" in text and "Quorum" in text
    given = typed(client, **{CELL: "general", "vague_phrases": "加强培训\r\n\r\n  remind "})
    assert client.post(f"{PAGE}new/", given).status_code == 302
    policy = IncidentPolicy.objects.in_force(context.now()).first()
    assert policy.matrix["serious"]["several"] == "general"
    assert policy.vague_phrases == ["加强培训", "remind"]
    assert (policy.quorum_percent, policy.hearing_hours) == (60, first.hearing_hours)
    text = client.get(PAGE).content.decode()
    assert "Serious × Several pieces" in text and "Major → General" in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_is_refused_stands_at_its_field_with_everything_typed_kept(company, language):
    client = browser(company.manager, language)
    given = typed(client, **{CELL: "huge", "quorum_percent": "0", "vague_phrases": "加\nremind"})
    answer = client.post(f"{PAGE}new/", given)
    assert answer.status_code == 422
    assert {CELL, "quorum_percent"} <= set(answer.context["form"].errors)
    answer = client.post(f"{PAGE}new/", typed(client, vague_phrases="加\nremind"))
    assert set(answer.context["form"].errors) == {"vague_phrases"}
    assert "remind" in answer.content.decode()
    assert IncidentPolicy.objects.count() == 1


# ---------------------------------------------------------------------------- upgrades
def upgrade_from_complaints_alone(company) -> None:
    """The deadlines of an installation from before there were incidents."""
    DeadlineRule.objects.exclude(flow="complaint").delete()


def test_an_upgrade_adds_the_hours_of_new_flows_as_a_new_version(company):
    DeadlinePolicy.objects.all().delete()
    ensure_defaults()
    upgrade_from_complaints_alone(company)
    before = DeadlinePolicy.objects.get()
    DeadlineRule.objects.filter(node="triage", major_only=False).update(hours=3)
    held = set(before.rules.values_list("node", "hours"))
    assert ensure_defaults()["deadlines"] == 1
    assert set(before.rules.values_list("node", "hours")) == held
    after = DeadlinePolicy.objects.in_force(context.now()).first()
    assert after.made_by is None and after.reason and after.week == before.week
    hours = deadlines.hours_of(after)
    assert hours[Key("complaint", "triage", False)] == 3
    assert hours[Key("incident", "investigate", False)] == 48
    assert {key.flow for key in hours} == set(read()["deadlines"]["hours"])
    assert ensure_defaults()["deadlines"] == 0


def test_what_is_planned_still_comes_and_has_the_new_hours_too(company):
    DeadlinePolicy.objects.all().delete()
    ensure_defaults()
    plan = deadlines.new_deadlines(
        by=company.manager, holds_from=today(5), reason="旺季", default_hours=Decimal(4),
        hours={Key("complaint", "triage", False): Decimal(2)},
    )  # fmt: skip
    upgrade_from_complaints_alone(company)
    assert ensure_defaults()["deadlines"] == 2
    standing = {one.row.pk: one.standing for one in deadlines.all_versions()}
    assert list(standing.values()).count(PLANNED) == 1 and IN_FORCE in standing.values()
    with context.at(context.now() + timedelta(days=6)):
        holds = DeadlinePolicy.objects.in_force(context.now()).first()
    assert holds.holds_from == plan.holds_from and holds.default_hours == 4
    assert deadlines.hours_of(holds)[Key("incident", "convene", False)] == 8


def test_hours_that_quality_took_out_stay_out(company):
    DeadlinePolicy.objects.all().delete()
    ensure_defaults()
    deadlines.new_deadlines(
        by=company.manager, holds_from=today(), reason="统一", default_hours=Decimal(4),
        hours={Key("complaint", "triage", False): Decimal(2)},
    )  # fmt: skip
    assert ensure_defaults()["deadlines"] == 0


def test_the_first_incident_policy_comes_with_the_installation_once(company):
    first = IncidentPolicy.objects.get()
    assert first.made_by is None and first.quorum_percent == 60
    change(company, quorum_percent=80)
    ensure_defaults()
    assert IncidentPolicy.objects.count() == 2
