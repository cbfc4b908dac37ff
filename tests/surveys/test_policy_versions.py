"""The versions of the policy, what-if, and its way as a file."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.models import User
from cases.enums import CaseState
from surveys.domain import index, ledger, periods, policies, policy, policy_file, what_if
from surveys.domain.periods import Period
from surveys.models import DeductionEntry, SatisfactionPolicy
from tests import factories
from tests.factories import bring
from tests.surveys.factories import questionnaire
from tests.surveys.indexing import GOLDEN, LOOK, PERIOD, put
from tests.surveys.ruling import START, document, draft, published, weights
from workflows.domain import context, outbox
from workflows.domain.context import now
from workflows.errors import Conflict, Forbidden, Stale

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def c(company):
    policies.ensure_policy()
    User.objects.update(language="en")
    return company


def test_a_draft_holds_only_after_it_is_published(c):
    version = draft(c, document=document(floor="10"))
    assert (version.number, version.published_at) == (2, None)
    assert policies.in_force(PERIOD.after).number == 1
    policies.publish(by=c.representative, policy=version, reason="管理评审决议")
    assert policies.in_force(PERIOD.after).number == 2
    assert policies.in_force(PERIOD).number == 1
    version.refresh_from_db()
    assert (version.published_by, version.reason) == (c.representative, "管理评审决议")


def test_of_two_versions_from_one_day_the_one_published_last_holds(c):
    first, second = draft(c), draft(c)
    policies.publish(by=c.manager, policy=second, reason="先")
    with context.at(now() + timedelta(hours=1)):
        policies.publish(by=c.manager, policy=first, reason="后")
    assert policies.in_force(PERIOD.after) == first


@pytest.mark.parametrize("who", ["marketer", "engineer", "director", "auditor", "admin", "head"])
def test_only_the_quality_manager_and_the_representative_set_it(c, who):
    version, by = draft(c), getattr(c, who)
    for refused in (
        lambda: draft(c, by=by),
        lambda: policies.change_draft(by=by, policy=version, document=document(), holds_from=START),
        lambda: policies.publish(by=by, policy=version, reason="x"),
        lambda: policies.discard(by=by, policy=version),
        lambda: policy_file.import_policy(policy_file.export_policy(version), by=by),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert SatisfactionPolicy.objects.count() == 2


@pytest.mark.parametrize(
    "day", [None, date(2027, 2, 1), date(2027, 7, 2), date(1, 1, 1), date(9999, 1, 1)]
)
def test_rules_change_between_half_years_only(c, day):
    with pytest.raises(ValidationError) as error:
        draft(c, holds_from=day)
    assert set(error.value.message_dict) == {"holds_from"}


def test_all_problems_come_at_once_and_nothing_is_kept(c):
    with pytest.raises(ValidationError) as error:
        draft(c, holds_from=None, document=weights("60", "20", "19"), reason="x" * 501)
    assert set(error.value.message_dict) == {"holds_from", "sources", "reason"}
    assert SatisfactionPolicy.objects.count() == 1


def test_a_draft_is_changed_and_discarded_and_a_published_version_never(c):
    version = draft(c)
    policies.change_draft(
        by=c.representative, policy=version, document=document(floor="5"), holds_from=START
    )
    version.refresh_from_db()
    assert (version.document["floor"], version.made_by) == ("5", c.representative)
    policies.publish(by=c.manager, policy=version, reason="决议")
    for refused in (
        lambda: policies.change_draft(
            by=c.manager, policy=version, document=document(), holds_from=START
        ),
        lambda: policies.publish(by=c.manager, policy=version, reason="再"),
        lambda: policies.discard(by=c.manager, policy=version),
    ):
        with pytest.raises(Conflict):
            refused()
    other = draft(c)
    policies.discard(by=c.manager, policy=other)
    with pytest.raises(Conflict, match="thrown"):
        policies.discard(by=c.manager, policy=other)


def test_what_a_colleague_wrote_meanwhile_is_not_written_over(c):
    version = draft(c)
    seen = policies.stamp(version)
    given = {"policy": version, "document": document(), "holds_from": START, "seen": seen}
    policies.change_draft(by=c.representative, **given)
    with pytest.raises(Stale):
        policies.change_draft(by=c.manager, **given)


def test_publishing_needs_a_reason(c):
    version = draft(c)
    with pytest.raises(ValidationError) as error:
        policies.publish(by=c.manager, policy=version, reason="  ")
    assert set(error.value.message_dict) == {"reason"}


def test_publishing_settles_the_ledgers_of_the_periods_it_rules(c):
    for _number in range(10):
        bring(c, CaseState.STATEMENT)
    ledger.catch_up()
    deductions = document()["deductions"]
    deductions[1] |= {"every": 5, "points": "0.3"}
    version = published(c, PERIOD.first_day, document=document(deductions=deductions))
    while outbox.drain():
        pass
    assert ledger.total(PERIOD) == Decimal("0.6")
    reversal = DeductionEntry.objects.get(period=PERIOD.code, reverses__isnull=False)
    assert (reversal.points, reversal.reason) == (Decimal("0.2"), f"policy {version.number}")
    assert reversal.by == c.manager
    untouched = PERIOD.half == 2
    assert ledger.total(Period(PERIOD.year)) == Decimal("0.2" if untouched else "0.6")


def test_publishing_the_same_deductions_leaves_the_ledger_alone(c):
    for _number in range(10):
        bring(c, CaseState.STATEMENT)
    ledger.catch_up()
    published(c, PERIOD.first_day, document=weights("50", "30", "20"))
    while outbox.drain():
        pass
    assert [entry.policy.number for entry in ledger.active(PERIOD)] == [1]


# ---------------------------------------------------------------------------- what if
@pytest.fixture
def golden(c):
    """The worked example: 92.40, 88.00 and 95.00; 37 general complaints and one exposure."""
    c.form = questionnaire(c, document=LOOK)
    for source, levels in GOLDEN.items():
        put(c, source, levels)
    cases = [bring(c, CaseState.STATEMENT) for _turn in range(38)]
    factories.flag(c, cases[-1])
    ledger.catch_up()
    return c


def test_what_if_shows_the_difference_line_by_line(golden):
    deductions = document()["deductions"]
    deductions[0]["points"] = "10"
    given = weights("50", "30", "20") | {"deductions": deductions}
    found = what_if.what_if(given, PERIOD)
    assert (found.before["net"], found.after["net"]) == ("41.44", "81.00")
    assert [(one.key, one.before, one.after, one.difference) for one in found.changes] == [
        ("sales_survey", Decimal("55.440"), Decimal("46.200"), Decimal("-9.240")),
        ("sales_visit", Decimal("17.600"), Decimal("26.400"), Decimal("8.800")),
        ("qc_survey", Decimal("19.000"), Decimal("19.000"), 0),
        ("gross", Decimal("92.04"), Decimal("91.60"), Decimal("-0.44")),
        ("flagged", -50, -10, 40),
        ("general", Decimal("-0.6"), Decimal("-0.6"), 0),
        ("major", 0, 0, 0),
        ("net_before_floor", Decimal("41.44"), Decimal("81.00"), Decimal("39.56")),
        ("net", Decimal("41.44"), Decimal("81.00"), Decimal("39.56")),
    ]
    assert not DeductionEntry.objects.filter(points=10).exists(), "nothing is written"


def test_what_one_more_complaint_costs(golden):
    found = {one.rule: one for one in what_if.what_if(document(), PERIOD).costs}
    assert (found["general"].points, found["general"].until) == (0, 3)
    assert (found["flagged"].points, found["flagged"].until) == (50, 1)
    assert found["major"].points == 0
    for _turn in range(2):
        bring(golden, CaseState.STATEMENT)
    found = {one.rule: one for one in what_if.what_if(document(), PERIOD).costs}
    assert (found["general"].points, found["general"].until) == (Decimal("0.2"), 1)


def test_the_same_rules_change_nothing(golden):
    found = what_if.what_if(document(), PERIOD)
    assert {one.difference for one in found.changes} == {0}


def test_what_if_before_any_policy_has_no_before(c):
    early = Period(2019, 1)
    found = what_if.what_if(document(), early)
    assert found.before is None
    assert all(one.before is None and one.difference is None for one in found.changes)


def test_a_source_that_is_new_or_gone_has_no_difference(golden):
    sources = [*document()["sources"][:2], {"key": "web", "name": "网络", "weight": "20"}]
    found = {one.key: one for one in what_if.what_if(document(sources=sources), PERIOD).changes}
    assert found["qc_survey"].after is None and found["web"].before is None
    assert found["web"].difference is None


def test_the_last_period_is_the_half_year_that_has_ended():
    assert what_if.last_period() == periods.half_of(now()).before


# ---------------------------------------------------------------------------- files
def test_a_policy_moves_as_a_file(c, tmp_path):
    version = draft(c, document=weights("50", "30", "20"), reason='用 "引号"')
    path = tmp_path / "policy.toml"
    text = policy_file.export_policy(version)
    assert text.index("threshold") < text.index("[[bands]]") < text.index("[[deductions]]")
    path.write_text(text, encoding="utf-8")
    again = policy_file.import_policy(path, by=c.representative)
    assert (again.document, again.holds_from, again.reason) == (
        version.document, version.holds_from, version.reason
    )  # fmt: skip
    assert again.published_at is None and again.number == version.number + 1


def test_the_command_makes_a_draft_or_publishes(c, tmp_path, capsys):
    path = tmp_path / "policy.toml"
    path.write_bytes(b"\xef\xbb\xbf" + policy_file.export_policy(draft(c)).encode())
    call_command("import_policy", path)
    made = SatisfactionPolicy.objects.latest("number")
    assert (made.made_by, made.published_at) == (c.manager, None)
    call_command("import_policy", path, "--as", "representative", "--publish", "迁移")
    made = SatisfactionPolicy.objects.latest("number")
    assert (made.published_by, made.reason) == (c.representative, "迁移")
    assert str(START) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace('weight = "60"', 'weight = "59"'), "sum to 99"),
        (lambda text: text.replace("threshold", "treshold"), "Line"),
        (lambda text: text.replace("holds_from", "begins"), "begins"),
        (lambda text: text + "\n[[", "TOML"),
        (lambda text: "x = " + "[" * 5000, "TOML"),
        (lambda text: "", "holds_from"),
        (lambda text: "# " + "x" * 300_000, "too large"),
    ],
)
def test_a_bad_file_is_refused_with_the_place(c, tmp_path, change, said):
    path = tmp_path / "policy.toml"
    path.write_text(change(policy_file.export_policy(SatisfactionPolicy.objects.get())), "utf-8")
    before = SatisfactionPolicy.objects.count()
    with pytest.raises(CommandError, match=said):
        call_command("import_policy", path, "--as", "manager")
    assert SatisfactionPolicy.objects.count() == before


def test_a_file_that_is_no_text_or_not_there_is_refused(c, tmp_path):
    path = tmp_path / "policy.toml"
    with pytest.raises(CommandError):
        call_command("import_policy", path)
    path.write_bytes("threshold = '八十'".encode("gbk"))
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("import_policy", path)
    with pytest.raises(CommandError, match="nobody"):
        call_command("import_policy", path, "--as", "nobody")


def test_a_new_installation_has_a_policy(db):
    call_command("setup_defaults")
    version = SatisfactionPolicy.objects.get()
    assert version.published_at and policies.in_force(PERIOD) == version
    assert index.compute(PERIOD, policy.read(version.document))["missing"]
    call_command("setup_defaults")
    assert SatisfactionPolicy.objects.count() == 1
