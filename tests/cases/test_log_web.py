"""Logging over HTTP: found or new customer, errors at the field, once per form."""

import pytest

from cases.models import Case, Customer
from tests.factories import bring, log, picture

pytestmark = pytest.mark.django_db
URL = "/cases/new/"


@pytest.fixture
def agent(client, company):
    client.force_login(company.agent)
    client.cookies["django_language"] = "en"
    return client


def given(company, **changes):
    return {
        "form_key": "key-1",
        "customer": str(company.customer.pk),
        "description": "设备运行两周后轴承异响。",
        "kind": "complaint",
        "severity": "general",
        "channel": str(company.channel.pk),
        "product": str(company.product.pk),
        **changes,
    }


def test_a_complaint_is_logged_for_a_known_customer_with_a_file(company, agent):
    answer = agent.post(URL, {**given(company), "uploads": [picture()]})
    case = Case.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/cases/{case.number}/")
    assert case.title == "设备运行两周后轴承异响"
    assert case.files.count() == 1
    page = agent.get(answer.url).content.decode()
    assert case.number in page


def test_a_customer_nobody_knows_is_entered_in_place(company, agent):
    agent.post(URL, given(company, customer="", new_name="钱先生", new_phone="138-0000-1111"))
    customer = Customer.objects.get(name="钱先生")
    assert customer.phone_digits == "13800001111"
    assert Case.objects.get().customer == customer


def test_the_same_form_twice_logs_one_case_and_opens_one_file(company, agent):
    for _turn in range(2):
        agent.post(URL, given(company, customer="", new_name="钱先生"))
    assert Case.objects.count() == 1
    assert Customer.objects.filter(name="钱先生").count() == 1


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(company, agent):
    answer = agent.post(URL, given(company, description="", remedy_sought="typed text"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "typed text" in page
    assert "Please fill this in." in page
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"description": "a\x00b"},
        {"customer": "9" * 19, "new_name": ""},
        {"kind": "nonsense"},
        {"channel": "-1"},
        {"received_at": "2999-01-01T00:00"},
        {"occurred_on": "not a day"},
        {"title": "x" * 300},
        {"product": "99999999999999999999"},
        {"follows": "TS-0000-999999"},
        {"form_key": "k" * 500},
    ],
)
def test_nonsense_is_refused_or_ignored_but_never_an_error_page(company, agent, changes):
    assert agent.post(URL, given(company, **changes)).status_code in {302, 422}


def test_a_page_of_an_html_file_in_pictures_clothing_is_refused(company, agent):
    from django.core.files.uploadedfile import SimpleUploadedFile

    trick = SimpleUploadedFile("a.png", b"<html><script>alert(1)</script>")
    answer = agent.post(URL, {**given(company), "uploads": [trick]})
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_only_service_and_quality_log(company, client):
    for person, status in [("handler", 404), ("auditor", 404), ("engineer", 200)]:
        client.force_login(getattr(company, person))
        assert client.get(URL).status_code == status


def test_a_customer_is_found_by_any_part_of_the_phone_or_the_name(company, agent):
    for text in ("5566", "华东", "５５６６"):
        page = agent.get(f"{URL}customers/", {"new_phone": text}).content.decode()
        assert "华东机电有限公司" in page
    assert "华东" not in agent.get(f"{URL}customers/", {"new_phone": "999999"}).content.decode()


def test_the_page_shows_what_the_system_knows_of_the_customer(company, agent):
    case = log(company)
    page = agent.get(f"{URL}known/", {"customer": company.customer.pk}).content.decode()
    assert case.number in page
    similar = agent.get(f"{URL}known/", {"description": "轴承异响"}).content.decode()
    assert case.number in similar


def test_a_linked_case_brings_customer_and_product_along(company, agent):
    case = bring(company, "closed")
    page = agent.get(f"{URL}?follows={case.number}").content.decode()
    assert company.customer.name in page
    agent.post(URL, given(company, follows=case.number))
    assert Case.objects.order_by("pk").last().follows == case


def test_logging_over_http_takes_few_statements(company, agent, django_assert_max_num_queries):
    agent.post(URL, given(company, form_key="first"))
    # 14, the policy of the clocks and their rows, and the savepoint that the test's own
    # transaction makes of ours.
    with django_assert_max_num_queries(14 + 2 + 2):
        assert agent.post(URL, given(company, form_key="second")).status_code == 302
