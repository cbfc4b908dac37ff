"""Management reviews on screen: who sees them, the checklist, decisions in place, papers."""

from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document as Word
from openpyxl import load_workbook

from surveys.models import Decision, ManagementReview, ReviewInput
from tests.cases.pages import browser, page, sent, someone, statements
from tests.factories import PASSWORD, log, task_of
from tests.surveys import reviewing
from tests.surveys.reviewing import act, bring, draw_up, fill, fresh, meet, of, paper
from workflows.domain.context import at, now

pytestmark = pytest.mark.django_db
LIST = "/reviews/"


def step(review, outcome):
    return f"{review.get_absolute_url()}tasks/{task_of(review).pk}/{outcome}/"


def given(c, **changes):
    """A decision as its form sends it."""
    due = (now() + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")
    return {"kind": "resources", "title": "增加两名检验员", "text": "", "owner": c.handler.pk,
            "department": c.workshop.pk, "due": due, "origin": "", **changes}  # fmt: skip


def test_quality_management_and_auditors_see_all_and_participants_their_own(company):
    review, other = meet(company, draw_up(company)), draw_up(company)
    for name in ("engineer", "manager", "representative", "director", "auditor"):
        client = someone(company, name)
        text = client.get(LIST).content.decode()
        assert review.number in text and other.number in text
        assert client.get(review.get_absolute_url()).status_code == 200
    client = someone(company, "head")
    text = client.get(LIST).content.decode()
    assert review.number in text and other.number not in text
    assert client.get(review.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    one = other.inputs.first()
    for name in ("agent", "handler", "marketer"):
        client = someone(company, name)
        for url in (review.get_absolute_url(), f"{other.get_absolute_url()}inputs/{one.pk}/",
                    f"{review.get_absolute_url()}review.pdf", f"{LIST}add/"):  # fmt: skip
            assert client.get(url).status_code == 404
    assert someone(company, "engineer").get(f"{LIST}MR-1999-01/").status_code == 404


def test_a_review_is_drawn_up_on_screen(company):
    draw_up(company)
    client = someone(company, "manager")
    assert client.get(f"{LIST}add/").status_code == 200
    bad = client.post(f"{LIST}add/", {"title": "年度", "period": "2026-H9"})
    assert bad.status_code == 422
    assert "年度" in bad.content.decode()
    edition = ManagementReview.objects.get().edition_id
    good = {"title": "年度", "period": reviewing.PERIOD.code, "held_at": "2027-01-08T09:00",
            "place": "一号会议室", "chair": company.director.pk, "edition": edition}  # fmt: skip
    answer = client.post(f"{LIST}add/", good)
    assert answer.status_code == 302
    assert ManagementReview.objects.get(title="年度").inputs.count() == 12
    assert "年度" in client.get(answer.url).content.decode()


def test_gaps_are_red_and_the_button_is_grey_with_their_clauses(company):
    review = meet(company, draw_up(company))
    client = someone(company, "engineer")
    text = page(client, review)
    assert text.count("agenda-row tone-red") == len(review.gaps) == 6
    assert "Inputs are still missing" in text
    for clause in review.gaps:
        assert f'<span class="refused-item">{clause}</span>' in text
    refused = client.post(step(review, "submit"), sent(review))
    assert refused.status_code == 409
    assert "9.3.2 c) 7)" in refused.content.decode()
    review = fill(company, review)
    assert "tone-red" not in page(client, review).split('id="minutes"')[0].split('id="agenda"')[1]
    assert client.post(step(review, "submit"), sent(review)).status_code == 302


def test_an_input_opens_its_figures_and_each_opens_its_list(company):
    case = log(company)
    review = draw_up(company)
    client = someone(company, "engineer")
    one = of(review, "c) 1)")
    answer = client.get(f"{review.get_absolute_url()}inputs/{one.pk}/")
    text = answer.content.decode()
    [link] = [cell["link"] for cell in one.snapshot[0]["rows"][0]["cells"] if cell["text"] == "1"]
    assert link.replace("&", "&amp;") in text
    assert case.number in client.get(link).content.decode()
    log(company)
    text = client.get(f"{review.get_absolute_url()}inputs/{one.pk}/").content.decode()
    assert "Changed since it was compiled" in text
    assert one.clause in client.get(f"{review.get_absolute_url()}changes/").content.decode()
    act(company, review, "compile")
    assert one.clause not in client.get(f"{review.get_absolute_url()}changes/").content.decode()


def test_inputs_are_uploaded_or_not_applicable_on_their_page(company):
    review = draw_up(company)
    client = someone(company, "engineer")
    one = of(review, "d)")
    here = f"{review.get_absolute_url()}inputs/{one.pk}/"
    assert client.post(f"{here}not_applicable/", {"input": one.pk, "why": ""}).status_code == 422
    bad = client.post(f"{here}upload/", {"input": one.pk, "uploads": paper("x.exe")})
    assert bad.status_code == 422
    assert "x.exe" in bad.content.decode()
    assert client.post(f"{here}upload/", {"input": one.pk, "uploads": paper()}).status_code == 302
    file = one.files.get()
    saved = client.get(f"{review.get_absolute_url()}files/{file.key}/")
    assert b"".join(saved.streaming_content).startswith(b"%PDF")
    assert "attachment" in saved["Content-Disposition"]
    assert someone(company, "agent").get(saved.request["PATH_INFO"]).status_code == 404
    assert client.post(f"{here}take_back/", {"file": file.pk}).status_code == 302
    assert client.post(f"{here}take_back/", {"file": file.pk}).status_code == 404
    good = client.post(f"{here}not_applicable/", {"input": one.pk, "why": "本期无"})
    assert good.status_code == 302
    assert "本期无" in page(client, review)
    assert client.post(f"{here}applicable/", {"input": one.pk}).status_code == 302
    assert client.post(f"{here}other/", {}).status_code == 404
    assert client.get(f"{review.get_absolute_url()}inputs/999999/").status_code == 404


def test_decisions_are_added_changed_and_removed_in_place(company):
    review = meet(company, draw_up(company))
    client, here = someone(company, "engineer"), f"{review.get_absolute_url()}acts/"
    htmx = {"HTTP_HX_REQUEST": "true"}
    answer = client.post(f"{here}put_decision/", given(company), **htmx)
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "review-changed"
    assert "增加两名检验员" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    one = Decision.objects.get()
    form = client.get(f"{review.get_absolute_url()}decisions/?decision={one.pk}").content.decode()
    assert f'name="decision" value="{one.pk}"' in form
    changed = given(company, title="增加三名检验员", decision=one.pk, seen=one.seen)
    assert client.post(f"{here}put_decision/", changed).status_code == 302
    late = client.post(f"{here}put_decision/", {**changed, "title": "另一份"}, **htmx)
    assert late.status_code == 422
    assert "另一份" in late.content.decode()
    assert "meanwhile" in late.content.decode()
    again = {**changed, "title": "另一份", "seen": Decision.objects.get().seen}
    assert client.post(f"{here}put_decision/", again, **htmx).status_code == 200
    gone = {"decision": one.pk, "seen": Decision.objects.get().seen}
    assert client.post(f"{here}drop_decision/", gone, **htmx).status_code == 200
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"owner": ""}, {"due": ""}, {"due": "x"}, {"due": "2020-01-01T10:00"}, {"title": ""},
     {"kind": "wish"}, {"origin": "999999"}, {"department": "x"}, {"title": "长" * 300},
     {"decision": "x"}, {"decision": "-1"}, {"seen": "9" * 30}],
)  # fmt: skip
def test_bad_input_of_a_decision_is_told_at_its_field_and_kept(company, wrong):
    review = meet(company, draw_up(company))
    client = someone(company, "engineer")
    url = f"{review.get_absolute_url()}acts/put_decision/"
    bad = client.post(url, given(company, text="详情在此", **wrong))
    assert bad.status_code == 422
    assert "详情在此" in bad.content.decode()
    assert not Decision.objects.exists()


def test_minutes_of_two_are_not_overwritten(company):
    review = meet(company, draw_up(company))
    client = someone(company, "manager")
    url = f"{review.get_absolute_url()}acts/write_minutes/"
    assert client.post(url, {"minutes": "经理的纪要", "seen": 1}).status_code == 302
    late = someone(company, "engineer").post(url, {"minutes": "工程师的纪要", "seen": 1})
    assert late.status_code == 409
    text = late.content.decode()
    assert "工程师的纪要" in text and "经理的纪要" in text
    assert 'name="seen" value="2"' in text


def test_participants_and_their_attendance(company):
    review = draw_up(company)
    client, here = someone(company, "engineer"), f"{review.get_absolute_url()}acts/"
    assert client.post(f"{here}add_participant/", {"name": "", "role": "x"}).status_code == 422
    assert client.post(f"{here}add_participant/", {"person": company.head.pk}).status_code == 302
    assert client.post(f"{here}add_participant/", {"name": "外部专家"}).status_code == 302
    one, other = review.participants.all()
    assert client.post(f"{here}mark_presence/", {f"p{one.pk}": "present"}).status_code in {409, 422}
    client.post(step(review, "invite"), sent(fresh(review)))
    both = {f"p{one.pk}": "present", f"p{other.pk}": "excused"}
    assert client.post(f"{here}mark_presence/", both).status_code == 302
    assert client.post(f"{here}drop_participant/", {"participant": other.pk}).status_code == 302
    assert client.post(f"{here}drop_participant/", {"participant": other.pk}).status_code == 404
    assert client.post(f"{here}nonsense/", {}).status_code == 404


def test_the_signers_sign_with_their_password_and_the_ribbon_says_who(company):
    review = bring(company, "signing")
    client = someone(company, "representative")
    assert "Your password" in page(client, review)
    bad = client.post(step(review, "sign"), sent(review, password="x"))
    assert bad.status_code == 422
    good = sent(review, password=PASSWORD)
    assert client.post(step(review, "sign"), good).status_code == 302
    review = fresh(review)
    director = someone(company, "director")
    answer = director.post(step(review, "approve"), sent(review, password=PASSWORD))
    assert answer.status_code == 302
    text = page(director, fresh(review))
    assert "Signed by 蒋涛" in text and "Signed by 沈国华" in text
    for row in review.decisions.select_related("action"):
        assert row.action.number in text
    assert fresh(review).digest in text
    case = review.decisions.first().action.case
    assert f'href="{review.get_absolute_url()}">{review.number}/1<' in page(director, case)
    assert review.get_absolute_url() not in page(someone(company, "handler"), case)


@pytest.mark.parametrize("state", ["meeting", "closed"])
def test_word_and_pdf_say_what_the_screen_says(company, state):
    log(company)
    review = bring(company, state)
    client = someone(company, "engineer")
    for language in ("zh-hans", "en"):
        pdf = client.get(f"{review.get_absolute_url()}review.pdf?lang={language}")
        assert pdf.content.startswith(b"%PDF")
        answer = client.get(f"{review.get_absolute_url()}review.docx?lang={language}")
        word = Word(BytesIO(answer.content))
        cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
        text = "\n".join([*cells, *(one.text for one in word.paragraphs)])
        assert "9.3.2 c) 4)" in text and "本期无变化" in text and "决定 1" in text
        assert "逐项评审了输入。" in text
    if state == "closed":
        for row in review.decisions.select_related("action"):
            assert row.action.number in text
        assert "沈国华" in text


def test_excel_holds_every_decision_and_no_formula_that_somebody_typed(company):
    review = bring(company, "closed", decisions=1)
    answer = someone(company, "engineer").get(f"{review.get_absolute_url()}review.xlsx?lang=en")
    book = load_workbook(BytesIO(answer.content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    said = "\n".join(str(cell.value) for cell in cells if cell.value is not None)
    assert review.decisions.get().text in said
    assert review.number in said
    typed = [c for c in cells if c.data_type == "f" and "HYPERLINK" not in str(c.value)]
    assert typed == []


def test_what_was_frozen_is_printed_even_if_figures_have_changed(company):
    review = bring(company, "closed")
    ReviewInput.objects.filter(review=review).update(snapshot=[], state="gap")
    answer = someone(company, "engineer").get(f"{review.get_absolute_url()}review.docx?lang=en")
    word = Word(BytesIO(answer.content))
    text = "\n".join(c.text for t in word.tables for r in t.rows for c in r.cells)
    assert "Corrective actions by state" in text


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
def test_every_copy_of_a_signed_review_is_the_same_to_the_byte(company, kind):
    review = bring(company, "closed", decisions=1)
    url = f"{review.get_absolute_url()}review.{kind}?lang=en"
    first = someone(company, "engineer").get(url).content
    with at(now() + timedelta(days=400)):
        assert someone(company, "director").get(url).content == first


def test_statements_do_not_grow_with_rows(company):
    client = someone(company, "engineer")
    review = bring(company, "meeting", decisions=1)
    here = review.get_absolute_url()
    one = [statements(client, "get", url)[1] for url in (LIST, here, f"{here}changes/")]
    for turn in range(49):
        copy = fresh(review)
        copy.pk, copy._state.adding = None, True
        copy.number = f"MR-1999-{turn}"
        ManagementReview.objects.bulk_create([copy])
        act(company, review, "add_participant", name=f"参加者 {turn}")
        reviewing.decide(company, review, f"决定 {turn + 2}")
        log(company)
    many = [statements(client, "get", url)[1] for url in (LIST, here, f"{here}changes/")]
    assert one == many
    assert many[0] <= 6 and many[1] <= 26


def test_pages_read_chinese(company):
    review = bring(company, "meeting")
    text = page(browser(company.engineer, "zh-hans"), review)
    assert "9.3.2 c) 1)" in text
    assert "顾客满意和有关相关方的反馈" in text
