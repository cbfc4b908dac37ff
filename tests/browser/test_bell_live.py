"""The bell counts while a page stays open, and is silent about its own failures."""

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from workflows.domain import notices
from workflows.domain.routing import About

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RING = "htmx.trigger(document.querySelector('[data-bell-line]'), 'ring')"


def tell(person, number):
    about = About("case", f"TS-2026-{number:06}", f"TS-2026-{number:06}", "轴承异响")
    at = timezone.now()
    notices.tell([person.pk], kind="assigned", key=f"k{number}", about=about, at=at)


def test_the_number_follows_without_a_reload(company, open_as):
    page = open_as(company.head, language="en")
    page.goto("/profile/notifications/")
    count = page.locator("[data-bell] .count")
    assert count.count() == 0
    for number in (1, 2):
        tell(company.head, number)
        page.evaluate(RING)
        count.filter(has_text=str(number)).wait_for()
    # Nothing new: the answer is empty, and the bell stays as it is.
    with page.expect_response("**/notifications/count/?seen=2") as answer:
        page.evaluate(RING)
    assert answer.value.status == 204 and count.inner_text() == "2"
    assert not page.errors


def test_signed_out_the_bell_falls_silent(company, open_as):
    page = open_as(company.head, language="en")
    page.goto("/profile/notifications/")
    Session.objects.all().delete()
    with page.expect_response("**/notifications/count/**") as answer:
        page.evaluate(RING)
    assert answer.value.status == 401
    page.wait_for_timeout(300)
    assert page.locator("#toasts > *").count() == 0
