"""What quality and management are told at once, in words and behind the bell."""

import pytest

from cases.domain.alerts import WORDS
from tests.cases.pages import browser
from tests.factories import bring
from tests.incidents import incident
from workflows.domain import outbox
from workflows.domain.transitions import intervene
from workflows.models import Notification

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_bell_says_that_a_major_case_was_logged(company, language):
    case = incident(company)
    outbox.drain(100)
    page = browser(company.director, language).get("/notifications/").content.decode()
    assert case.number in page
    from django.utils import translation

    with translation.override(language):
        assert str(WORDS["incident"]) in page


def test_a_flag_is_told_to_all_who_may_confirm_it_but_not_to_who_proposed_it(company):
    case = bring(company, "review")
    intervene(
        case, "propose_flag", by=company.engineer, flag="legal_liability", evidence="律师函。"
    )
    outbox.drain(100)
    told = Notification.objects.filter(kind="flag").values_list("user__username", flat=True)
    assert set(told) == {"engineer2", "manager", "representative", "director"}


def test_draining_twice_tells_once(company):
    incident(company)
    outbox.drain(100)
    before = Notification.objects.count()
    outbox.drain(100)
    assert Notification.objects.count() == before
