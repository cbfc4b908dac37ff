"""Coming in: one answer for every failure, a pause after too many, a safe way on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.demo import DEMO_CAST
from accounts.domain import people
from accounts.models import SignInAttempt, User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
URL = "/sign-in/"


@pytest.fixture(autouse=True)
def quick_hash(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # The inbox belongs to another app; here it only matters that we are led on.
    settings.LOGIN_REDIRECT_URL = "accounts:profile"


@pytest.fixture
def person() -> User:
    return people.add_person(by=None, username="zhoumin", name="周敏", password=PASSWORD)


def post(client, username="zhoumin", password=PASSWORD, **extra):
    return client.post(URL, {"username": username, "password": password}, **extra)


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_opens_the_landing_page(client, person):
    answer = post(client)
    assert answer.status_code == 302 and answer.url == "/profile/"
    assert signed_in(client)


def test_the_first_letter_may_be_large(client, person):
    post(client, username="Zhoumin")
    assert signed_in(client)


def test_signing_in_writes_no_history(client, person):
    post(client)
    assert person.history.count() == 1


def test_unknown_wrong_inactive_and_passwordless_are_told_the_same(client, person, company):
    people.add_person(by=None, username="gone", name="某某", password=PASSWORD)
    people.deactivate(by=company.admin, person=User.objects.get(username="gone"))
    people.add_person(by=None, username="invited", name="新人")
    answers = [
        post(client, username=name, password="wrong-one", REMOTE_ADDR=f"10.0.0.{turn}")
        for turn, name in enumerate(("zhoumin", "nobody", "gone", "invited"))
    ]
    answers.append(post(client, username="gone", REMOTE_ADDR="10.0.0.9"))
    assert {answer.status_code for answer in answers} == {401}
    messages = {tuple(answer.context["form"].non_field_errors()) for answer in answers}
    assert len(messages) == 1
    assert not signed_in(client)


def test_a_hash_is_computed_for_every_failure(client, person, monkeypatch):
    """Otherwise the time would tell which names exist."""
    from django.contrib.auth import hashers

    people.add_person(by=None, username="invited", name="新人")
    hashed = []
    real = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher,
        "encode",
        lambda self, *args, **kwargs: hashed.append(1) or real(self, *args, **kwargs),
    )
    counts = []
    for name in ("zhoumin", "nobody", "invited"):
        hashed.clear()
        post(client, username=name, password="wrong-one")
        counts.append(len(hashed))
    assert counts == [1, 1, 1]


def test_the_stored_hash_is_no_password(client, person):
    assert post(client, password=person.password).status_code == 401


def test_five_failures_lock_the_account_at_this_address(client, person):
    for _turn in range(5):
        assert post(client, password="wrong-one").status_code == 401
    answer = post(client)
    assert answer.status_code == 429
    assert "15" in str(answer.context["form"].non_field_errors())
    assert not signed_in(client)
    assert post(client, REMOTE_ADDR="10.0.0.7").status_code == 302


def test_an_unknown_name_is_locked_like_a_known_one(client):
    statuses = [post(client, username="nobody").status_code for _turn in range(6)]
    assert statuses == [401] * 5 + [429]


def test_a_locked_attempt_does_not_prolong_the_lock(client, person):
    for _turn in range(5):
        post(client, password="wrong-one")
    for _turn in range(10):
        post(client, password="wrong-one")
    assert SignInAttempt.objects.count() == 5


def test_the_lock_ends_by_itself(client, person):
    for _turn in range(5):
        post(client, password="wrong-one")
    SignInAttempt.objects.update(at=timezone.now() - timedelta(minutes=15, seconds=1))
    assert post(client).status_code == 302
    assert not SignInAttempt.objects.exists()


def test_one_address_cannot_try_every_account(client, person):
    moment = timezone.now()
    SignInAttempt.objects.bulk_create(
        SignInAttempt(account=str(turn), address="127.0.0.1", at=moment) for turn in range(100)
    )
    assert post(client).status_code == 429


def test_a_forwarded_address_counts_only_behind_our_proxy(client, person, settings):
    for turn in range(5):
        post(client, password="wrong-one", HTTP_X_FORWARDED_FOR=f"10.0.0.{turn}")
    assert post(client).status_code == 429
    settings.BEHIND_PROXY = True
    assert post(client, HTTP_X_FORWARDED_FOR="1.2.3.4, 10.0.0.9").status_code == 302


def test_no_name_or_password_is_kept_of_a_failure(client, person):
    post(client, username="my-secret-password", password="wrong-one")
    row = SignInAttempt.objects.get()
    assert "my-secret" not in f"{row.account}{row.address}"


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "/\\evil.example", "https://evil.example/", "https:evil.example",
               "javascript:alert(1)", "evil.example"]
)  # fmt: skip
def test_nobody_is_led_to_another_site(client, person, wanted):
    answer = client.post(URL, {"username": "zhoumin", "password": PASSWORD, "next": wanted})
    assert answer.url == "/profile/"


def test_the_page_asked_for_opens_after_signing_in(client, person):
    answer = client.get("/profile/password/")
    assert answer.url == "/sign-in/?next=/profile/password/"
    page = client.get(answer.url)
    assert 'name="next" value="/profile/password/"' in page.content.decode()
    given = {"username": "zhoumin", "password": PASSWORD, "next": "/profile/password/"}
    assert client.post(URL, given).url == "/profile/password/"


@pytest.mark.parametrize("username", ["a\x00b", "x" * 5000, " ", "\u202eabc", "管理员"])
def test_no_input_breaks_the_sign_in(client, username):
    assert post(client, username=username).status_code in {400, 401}


def test_a_post_without_a_token_is_refused(person):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert post(strict).status_code == 403
    strict.force_login(person)
    assert strict.post("/sign-out/").status_code == 403


def test_signing_out_takes_a_post(client, person):
    client.force_login(person)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == URL
    assert not signed_in(client)


def test_a_disabled_person_is_out_with_the_next_request(client, person, company):
    client.force_login(person)
    assert client.get("/profile/").status_code == 200
    people.deactivate(by=company.admin, person=person)
    assert client.get("/profile/").url.startswith(URL)
    assert client.get("/profile/", headers={"HX-Request": "true"}).status_code == 401


def test_a_post_of_a_signed_out_person_leads_back_to_the_page(client):
    answer = client.post("/profile/leave/", headers={"referer": "http://testserver/profile/"})
    assert answer.url == "/sign-in/?next=/profile/"
    assert client.post("/profile/leave/", headers={"referer": "http://evil/"}).url == URL


def test_the_root_leads_to_the_sign_in_and_then_on(client, person):
    assert client.get("/").url == URL
    client.force_login(person)
    assert client.get("/").url == "/profile/"


# ---------------------------------------------------------------------------- the demo
@pytest.fixture
def cast(db) -> User:
    first = DEMO_CAST[0]
    return people.add_person(by=None, username=first["username"], name="林晓")


def test_a_card_signs_in_with_one_click_in_demo_mode(client, cast, settings):
    settings.DEMO = True
    page = client.get(URL)
    assert [card.username for card in page.context["cards"]] == [cast.username]
    assert "card-person" in page.content.decode()
    assert client.post("/sign-in/demo/", {"username": cast.username}).status_code == 302
    assert signed_in(client)


def test_outside_demo_mode_there_are_no_cards_and_no_such_page(client, cast):
    page = client.get(URL)
    assert page.context["cards"] == [] and "card-person" not in page.content.decode()
    assert client.post("/sign-in/demo/", {"username": cast.username}).status_code == 404
    assert not signed_in(client)


def test_a_card_takes_a_post_and_a_token(cast, settings):
    from django.test import Client

    settings.DEMO = True
    strict = Client(enforce_csrf_checks=True)
    assert strict.get("/sign-in/demo/").status_code == 405
    assert strict.post("/sign-in/demo/", {"username": cast.username}).status_code == 403


def test_only_people_of_the_cast_have_a_card(client, settings):
    settings.DEMO = True
    people.add_person(by=None, username="outsider", name="外人")
    for username in ("outsider", "", "nobody", "a\x00b"):
        assert client.post("/sign-in/demo/", {"username": username}).status_code == 404
