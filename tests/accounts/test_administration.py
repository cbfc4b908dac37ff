"""Administration over HTTP: who may open it, what is refused and how that is explained."""

import re

import pytest
from django.utils import timezone

from accounts.domain import people
from accounts.models import Department, Leave, User
from tests import factories
from workflows.domain.assignment import claim

pytestmark = pytest.mark.django_db
LIST = "/administration/people/"
CHART = "/administration/departments/"


@pytest.fixture
def admin(client, company):
    client.force_login(company.admin)
    return client


def page_of(person) -> str:
    return f"{LIST}{person.pk}/"


def test_only_administrators_open_it_and_management_reads_the_chart(client, company):
    c = company
    pages = [LIST, f"{LIST}new/", page_of(c.agent), f"{page_of(c.agent)}edit/", f"{CHART}new/",
             f"{CHART}{c.line.pk}/edit/", "/administration/leave/"]  # fmt: skip
    chart = [CHART, f"{CHART}{c.line.pk}/"]
    posts = [f"{page_of(c.agent)}{act}/" for act in ("roles", "deactivate", "reactivate", "link")]
    posts += [f"{CHART}{c.line.pk}/deactivate/", f"{CHART}{c.line.pk}/reactivate/"]
    posts += [f"{page_of(c.agent)}roles/{c.agent.memberships.get().pk}/end/"]
    for name in ("agent", "lead", "head", "engineer", "manager", "representative", "director",
                 "marketer", "auditor", "admin"):  # fmt: skip
        client.force_login(getattr(c, name))
        for url in pages:
            assert client.get(url).status_code == (200 if name == "admin" else 404), (name, url)
        for url in chart:
            expected = 200 if name in {"admin", "manager", "director"} else 404
            assert client.get(url).status_code == expected, (name, url)
        if name != "admin":
            for url in posts:
                assert client.post(url).status_code == 404, (name, url)


def test_readers_of_the_chart_see_no_button(client, company):
    client.force_login(company.director)
    assert "/edit/" not in client.get(CHART).content.decode()
    text = client.get(f"{CHART}{company.workshop.pk}/").content.decode()
    assert "/edit/" not in text and "赵伟" in text and "/administration/people/" not in text


def test_a_person_with_open_tasks_cannot_be_deactivated(admin, company):
    case = factories.bring(company, "statement")
    task = factories.task_of(case)
    claim(task, by=company.handler)
    answer = admin.post(f"{page_of(company.handler)}deactivate/")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert case.number in text and "Hand it over first" in text
    assert company.head.name in text
    company.handler.refresh_from_db()
    assert company.handler.is_active
    page = admin.get(page_of(company.handler))
    assert [(one.number, names) for one, names in page.context["work"]] == [
        (case.number, [company.head.name])
    ]
    assert "btn-refused" in page.content.decode()


def test_after_the_hand_over_the_person_is_deactivated_and_can_come_back(admin, company):
    assert admin.post(f"{page_of(company.handler)}deactivate/").status_code == 302
    company.handler.refresh_from_db()
    assert not company.handler.is_active
    assert admin.post(f"{page_of(company.handler)}link/").status_code == 409
    assert admin.post(f"{page_of(company.handler)}reactivate/").status_code == 302
    company.handler.refresh_from_db()
    assert company.handler.is_active


def test_a_new_person_gets_a_role_and_a_link_that_is_shown_once(admin, company, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    given = {"name": "新同事", "username": "xin", "language": "zh-hans", "role": "handler",
             "department": company.workshop.pk}  # fmt: skip
    answer = admin.post(f"{LIST}new/", given, headers={"host": "localhost"})
    person = User.objects.get(username="xin")
    assert person.memberships.get().granted_by == company.admin
    link = re.search(r'value="(http[^"]+)"', answer.content.decode()).group(1)
    assert link.startswith(f"{settings.SITE_URL}/choose-password/")
    assert "no-store" in answer["Cache-Control"]
    assert link not in admin.get(page_of(person)).content.decode()
    assert admin.post(f"{LIST}new/", given).status_code == 400


def test_what_was_typed_stays_after_a_refusal(admin, company):
    given = {"name": "新同事", "username": "agent", "language": "en", "role": "auditor",
             "department": company.root.pk, "phone": "139 0000"}  # fmt: skip
    answer = admin.post(f"{LIST}new/", given)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert 'value="新同事"' in text and 'value="139 0000"' in text
    assert User.objects.filter(name="新同事").count() == 0


def test_a_role_that_excludes_another_is_refused_and_nothing_is_half_done(admin, company):
    answer = admin.post(
        f"{page_of(company.handler)}roles/", {"department": company.root.pk, "role": "auditor"}
    )
    assert answer.status_code == 409
    assert company.handler.memberships.count() == 1


def test_a_role_is_given_and_ended(admin, company):
    url = f"{page_of(company.handler)}roles/"
    admin.post(url, {"department": company.line.pk, "role": "head"})
    role = company.handler.memberships.get(role="head")
    assert admin.post(f"{page_of(company.agent)}roles/{role.pk}/end/").status_code == 404
    assert admin.post(f"{url}{role.pk}/end/").status_code == 302
    role.refresh_from_db()
    assert role.until is not None


def test_an_edit_touches_only_what_was_changed(admin, company):
    page = admin.get(f"{page_of(company.handler)}edit/")
    given = {name: page.context["form"].initial[name] for name in page.context["form"].fields}
    people.edit_person(by=company.manager, person=company.handler, phone="123")
    given |= {"name": "陈钢", "is_superuser": "on", "is_active": "", "password": "x"}
    assert admin.post(f"{page_of(company.handler)}edit/", given).status_code == 302
    company.handler.refresh_from_db()
    assert company.handler.name == "陈钢" and not company.handler.is_superuser


def test_a_department_is_added_moved_and_refused_through_the_pages(admin, company):
    new = {"name": "仓库", "code": "WH", "function": "other", "parent": company.root.pk}
    assert admin.post(f"{CHART}new/", new).status_code == 302
    stock = Department.objects.get(code="WH")
    assert admin.post(f"{CHART}new/", new).status_code == 400
    moved = {**new, "parent": company.workshop.pk}
    assert admin.post(f"{CHART}{stock.pk}/edit/", moved).status_code == 302
    stock.refresh_from_db()
    assert stock.parent == company.workshop
    ring = {"name": "装配车间", "name_en": "Assembly", "code": "WS", "function": "other"}
    answer = admin.post(f"{CHART}{company.workshop.pk}/edit/", {**ring, "parent": stock.pk})
    assert answer.status_code == 400 and "parent" in answer.context["form"].errors
    assert admin.post(f"{CHART}{company.workshop.pk}/deactivate/").status_code == 409
    assert admin.post(f"{CHART}{stock.pk}/deactivate/").status_code == 302


def test_leave_is_planned_for_somebody_and_ended(admin, company):
    today = timezone.localdate()
    given = {"person": company.handler.pk, "substitute": company.head.pk,
             "starts": today, "ends": today}  # fmt: skip
    assert admin.post("/administration/leave/", given).status_code == 302
    assert admin.post("/administration/leave/", given).status_code == 409
    leave = Leave.objects.get()
    assert "away now" in admin.get("/administration/leave/").content.decode()
    assert admin.post(f"/administration/leave/{leave.pk}/end/").status_code == 302
    assert not Leave.objects.exists()


# ---------------------------------------------------------------------------- the list
def found(client, **query) -> list[str]:
    return [row.username for row in client.get(LIST, query).context["page"].rows]


def test_filters_combine(admin, company):
    c = company
    people.deactivate(by=c.admin, person=c.agent2)
    people.grant(by=c.admin, person=c.buyer, department=c.line, role="handler")
    assert found(admin, q="林") == ["agent"]
    assert found(admin, department=c.workshop.pk) == ["buyer", "handler", "handler2", "head"]
    assert found(admin, department=c.workshop.pk, role="head") == ["head"]
    assert found(admin, active="no") == ["agent2"]
    assert "agent2" in found(admin, active="all") and "agent2" not in found(admin)
    assert found(admin, q="赵 head") == ["head"]


@pytest.mark.parametrize(
    "query",
    [{"department": "10" * 40}, {"role": "king"}, {"active": "?"}, {"q": "a\x00b"},
     {"after": "\x00"}, {"q": "x" * 9999}, {"before": "%"}, {"department": "1'"}],
)  # fmt: skip
def test_nonsense_in_the_address_breaks_nothing(admin, query):
    assert admin.get(LIST, query).status_code == 200


def test_a_page_has_as_many_statements_with_one_person_as_with_fifty(
    admin, company, django_assert_max_num_queries
):
    def statements() -> int:
        with django_assert_max_num_queries(8) as captured:
            admin.get(LIST, {"q": "员工"})
        return len(captured)

    def add(number):
        person = people.add_person(by=None, username=f"w{number:03}", name=f"员工{number:03}")
        people.grant(by=None, person=person, department=company.line, role="handler")

    add(0)
    one = statements()
    for number in range(1, 50):
        add(number)
    assert statements() == one


def test_pages_go_by_key_there_and_back(admin, company):
    for number in range(120):
        people.add_person(by=None, username=f"w{number:03}", name=f"员工{number:03}")
    seen, url = [], f"{LIST}?q=员工"
    while url:
        page = admin.get(url)
        seen += [row.username for row in page.context["page"].rows]
        url = page.context["pager"].get("next_url") and LIST + page.context["pager"]["next_url"]
    assert seen == [f"w{number:03}" for number in range(120)]
    back = admin.get(LIST + page.context["pager"]["prev_url"])
    assert [row.username for row in back.context["page"].rows] == seen[50:100]
    first = admin.get(LIST + back.context["pager"]["prev_url"])
    assert [row.username for row in first.context["page"].rows] == seen[:50]
    assert "prev_url" not in first.context["pager"]


@pytest.mark.parametrize("number", ["0", "99999", "9" * 30])
def test_a_person_or_department_that_is_not_there_is_404(admin, number):
    assert admin.get(f"{LIST}{number}/").status_code == 404
    assert admin.get(f"{CHART}{number}/").status_code == 404
    assert admin.post(f"/administration/leave/{number}/end/").status_code == 404
