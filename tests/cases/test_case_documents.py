"""What a case holds, out of its page as documents: for whom it is, whole, and provable."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.utils.translation import override

from cases.domain.eight_d.reading import report_of
from cases.domain.ruling_document import contents, of_ruling, read
from cases.enums import CaseState as S, Kind
from cases.models import Case
from tests.cases.pages import browser, page, someone, statements
from tests.cases.papers import missing_in_pdf, words_of_word
from tests.factories import bring, do, log, order, step_of, take, walk_action
from tests.incidents import bring_incident, file_opinions, incident
from workflows.domain.context import at
from workflows.domain.transitions import intervene

pytestmark = pytest.mark.django_db


def get(person, path, language="en", **query):
    return browser(person, language).get(path, query)


def ruled(company):
    """An incident whose ruling of 70 and 30 per cent has been given."""
    return bring_incident(company, S.MEASURES)


def appealed(company, outcome, **given):
    case = ruled(company)
    intervene(case, "appeal", by=company.buyer, grounds="来料检验合格，<不> 应承担。")
    take(step_of(case.appeals.get()), outcome, company.manager, decision="已复核。", **given)
    return Case.objects.get(pk=case.pk)


# ---------------------------------------------------------------------------- the 8D report
def test_a_closed_incident_tells_all_eight_disciplines(company):
    case = bring_incident(company, S.COUNTERSIGNATURE)
    case = bring_incident(company, S.CLOSED, case)
    with override("en"):
        report = report_of(case)
    assert report.company == "Company"
    assert {one.what for one in report.emergency} == {
        "After-sales on site", "Acknowledge to the customer",
    }  # fmt: skip
    assert [one.what for one in report.containment] == ["Containment", "封存在库同批次轴承"]
    assert (report.problem.facts, report.problem.how_many) == ("两台设备停机。", "38")
    assert report.shares == (("Assembly", 70), ("Purchasing", 30))
    assert report.causes[0].occurrence == ((0, "压装力不足"), (1, "无监控"))
    assert [one.title for one in report.chosen] == ["更换已装机轴承", "压装机加装力位移监控"]
    assert [name for _step, name, _at in report.approval.steps] == ["陈刚", "王芳", "李强"]
    last = report.implemented[-1]
    assert (last.by, last.verified_by, last.verification) == ("陈刚", "郑洁", "抽检 30 件合格。")
    assert last.watched and "0" in last.finding and len(last.evidence) == 1
    assert report.lessons.changes and report.lessons.documents == "更新 PFMEA 与控制计划。"
    assert report.told and (report.told.text, report.told.answer) == ("已完成整改。", "Satisfied")
    assert [one.name for one in report.signatures] == ["郑洁", "蒋涛"]
    assert report.closed_by == "蒋涛" and report.closed_at == case.closed_at
    parts = {member.name: member for member in report.team}
    assert parts["李强"].parts == ("Approved the measures",)
    assert parts["陈刚"].department == "Assembly"
    assert len(report.photos) == 3 and all(one.path.exists() for one in report.photos)


def test_of_a_report_both_files_come_in_both_languages(company):
    case = bring_incident(company, S.CLOSED)
    said = (case.number, "压装机加装力位移监控", "70%", "无监控", "郑洁", "更新PFMEA")
    for language in ("en", "zh-hans"):
        for kind in ("pdf", "docx"):
            answer = get(company.auditor, f"/cases/{case.number}/8d.{kind}", lang=language)
            assert answer.status_code == 200
            name = f"8D-{case.number}-{language[:2]}.{kind}"
            assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert "no-store" in answer["Cache-Control"]
            if kind == "pdf":
                assert missing_in_pdf(answer.content, said) == []
            else:
                words = words_of_word(answer.content)
                assert [text for text in said if text not in words] == []


def test_an_incident_just_logged_has_a_report_that_says_what_is_missing(company):
    case = incident(company, title="轴承 #1 {抱死} <停机> & $x$ *急*")
    with override("en"):
        report = report_of(case)
    assert report.causes == report.chosen == report.signatures == ()
    words = words_of_word(get(company.agent, f"/cases/{case.number}/8d.docx").content)
    assert words.count("Notrecordedyet.") == 5
    assert "轴承#1{抱死}<停机>&$x$*急*" in words


def test_a_general_complaint_tells_what_its_department_stated(company):
    case = bring(company, S.ACTION)
    with override("zh-hans"):
        report = report_of(case)
    assert (report.stated_cause, report.remedy) == ("压装力不足。", "更换。")
    assert report.problem.facts == "现场核实属实。"
    assert [one.title for one in report.chosen] == ["措施 1"]


def test_drafted_measures_stand_in_the_report_until_they_are_actions(company):
    case = bring_incident(company, S.APPROVAL)
    assert [one.number for one in report_of(case).chosen] == ["", "", ""]
    case = bring_incident(company, S.ACTION, case)
    assert all(one.number for one in report_of(case).chosen)


def test_read_across_and_what_came_back_are_told(company):
    case = bring_incident(company, S.ACTION)
    action = case.actions.order_by("-pk")[0]
    action.read_across.create(
        site="苏州二线", result="affected", note="同步改造", listed_by=company.engineer,
        listed_at=case.logged_at, checked_by=company.engineer2, checked_at=case.logged_at,
    )  # fmt: skip
    action.recurrence_count = 2
    action.save()
    with override("en"):
        report = report_of(case)
    assert [(one.place, one.note, one.by) for one in report.checked] == [
        ("苏州二线", "同步改造", "郑洁")
    ]
    assert "Recurrences: 2" in report.implemented[-1].finding


def test_a_report_costs_the_same_with_one_action_and_with_many(company):
    few, many = bring(company, S.ACTION), bring(company, S.REVIEW)
    many = order(company, many, 8)
    for action in list(many.actions.all())[:5]:
        walk_action(company, action, "submitted")
    client = someone(company, "auditor")
    counts = [statements(client, "get", f"/cases/{case.number}/8d.docx")[1] for case in (few, many)]
    assert counts[0] == counts[1] <= 24


# ---------------------------------------------------------------------------- the ruling
def test_a_ruling_prints_who_said_what_the_shares_and_who_signed(company):
    case = ruled(company)
    path = f"/cases/{case.number}/rulings/{case.arbitrations.get().pk}.pdf"
    answer = get(company.buyer, path)
    assert answer.status_code == 200
    said = f'attachment; filename="{case.number}-ruling-1-en.pdf"'
    assert answer["Content-Disposition"] == said
    with override("en"):
        found = of_ruling(case, case.arbitrations.get().pk)
    assert found.shares == (("Assembly", 70), ("Purchasing", 30))
    assert [(one.department, one.by) for one in found.voices] == [
        ("Assembly", "陈刚"), ("Purchasing", "孙丽"),
    ]  # fmt: skip
    assert found.matters == ("Responsibility",)
    assert [(one.name, one.roles) for one in found.signatures] == [("王芳", ("Quality engineer",))]
    assert "statements and the evidence" in found.signatures[0].meaning
    assert found.appeal is None
    said = ("70%", "30%", "陈刚", "孙丽", found.digest, "Noappealhasbeenmade.", "王芳")
    assert missing_in_pdf(answer.content, said) == []


def test_a_department_that_said_nothing_is_named(company):
    case = bring_incident(company, S.JOINT_REVIEW)
    file_opinions(company, case, company.workshop)
    with at(case.joint_reviews.get().due + timedelta(minutes=1)):
        intervene(case, "conclude", by=company.manager, reason="逾期未提交")
        case = bring_incident(company, S.MEASURES, Case.objects.get(pk=case.pk))
        voices = of_ruling(case, case.arbitrations.get().pk).voices
    assert [bool(one.at) for one in voices] == [True, False]


def test_an_upheld_appeal_is_part_of_the_ruling(company):
    case = appealed(company, "uphold")
    with override("en"):
        found = of_ruling(case, case.arbitrations.get().pk)
    assert (found.appeal.by, found.appeal.state) == ("孙丽", "Ruling upheld")
    assert (found.appeal.decision, found.appeal.decided_by) == ("已复核。", "李强")
    assert [one.name for one in found.signatures] == ["王芳", "李强"]
    assert found.appeal.new_ruling is None


def test_a_revised_ruling_names_the_one_it_replaces_and_is_named_by_it(company):
    shares = [(company.workshop, 100)]
    case = appealed(company, "revise", shares=shares)
    first, second = case.arbitrations.order_by("pk")
    before, after = of_ruling(case, first.pk), of_ruling(case, second.pk)
    assert (before.place, before.appeal.new_ruling) == (1, 2)
    assert (after.place, after.replaces) == (2, 1)
    assert [percent for _name, percent in after.shares] == [100]
    assert [percent for _name, percent in before.shares] == [70, 30]
    assert [one.name for one in after.signatures] == ["李强"]


def test_a_general_complaint_that_was_disputed_prints_its_ruling_too(company):
    case = bring(company, S.ARBITRATION)
    case = do(case, "rule", company.engineer, ruling="装配负责。", department=company.workshop)
    found = of_ruling(case, case.arbitrations.get().pk)
    assert found.voices[0].grounds == "压装记录正常。"
    assert [percent for _name, percent in found.shares] == [100]
    answer = get(company.handler, f"/cases/{case.number}/rulings/{case.arbitrations.get().pk}.pdf")
    assert answer.content.startswith(b"%PDF")


def test_the_content_hash_is_that_of_docs_files_and_the_same_in_both_languages(company):
    case = appealed(company, "uphold")
    key = case.arbitrations.get().pk
    digests = set()
    for language in ("en", "zh-hans"):
        with override(language):
            digests.add(of_ruling(case, key).digest)
    told = json.dumps(
        contents(read(case, key)), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert digests == {hashlib.sha256(told.encode()).hexdigest()}


def test_the_content_hash_changes_with_what_was_decided(company):
    case = ruled(company)
    key = case.arbitrations.get().pk
    before = of_ruling(case, key).digest
    assert of_ruling(case, key).digest == before
    case.arbitrations.filter(pk=key).update(ruling="装配压装力不足为主因。")
    assert of_ruling(case, key).digest != before


def test_a_ruling_costs_a_fixed_number_of_statements(company):
    case = ruled(company)
    path = f"/cases/{case.number}/rulings/{case.arbitrations.get().pk}.pdf"
    answer, count = statements(someone(company, "auditor"), "get", path)
    assert answer.status_code == 200 and count <= 12


# ---------------------------------------------------------------------------- for whom
def test_documents_are_for_who_sees_the_case(company):
    case = bring(company, S.STATEMENT)
    path = f"/cases/{case.number}/8d.pdf"
    assert get(company.handler, path).status_code == 200
    assert get(company.buyer, path).status_code == 404
    assert get(company.handler, "/cases/TS-2020-000001/8d.pdf").status_code == 404
    assert browser(company.handler).post(path).status_code == 405


def test_no_report_of_what_is_only_answered_and_no_ruling_before_it_is_given(company):
    praise = log(company, kind=Kind.PRAISE)
    assert get(company.agent, f"/cases/{praise.number}/8d.pdf").status_code == 404
    case, other = ruled(company), bring_incident(company, S.ARBITRATION)
    mine, waiting = case.arbitrations.get().pk, other.arbitrations.get().pk
    for number, pk in (
        (other.number, waiting), (other.number, mine), (case.number, 10**15), (case.number, 0),
    ):  # fmt: skip
        assert get(company.auditor, f"/cases/{number}/rulings/{pk}.pdf").status_code == 404


def test_a_language_that_is_none_is_the_readers_own(company):
    case = bring(company, S.STATEMENT)
    answer = get(company.agent, f"/cases/{case.number}/8d.docx", "zh-hans", lang="../../x")
    assert answer["Content-Disposition"].endswith('-zh.docx"')


def test_the_side_of_the_page_offers_the_documents(company):
    case = ruled(company)
    key = case.arbitrations.get().pk
    html = page(someone(company, "engineer"), case)
    for path in ("8d.pdf?lang=en", "8d.docx?lang=zh-hans", f"rulings/{key}.pdf?lang=en"):
        assert f'href="/cases/{case.number}/{path}"' in html
    praise = log(company, kind=Kind.PRAISE)
    assert "8d.pdf" not in page(someone(company, "agent"), praise)
