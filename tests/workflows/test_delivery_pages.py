"""The operator's pages: who may, endpoints without secrets, wordings, the log."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests import mailbox
from tests.cases.pages import browser, statements
from tests.mailbox import Mailbox
from workflows.channels import http
from workflows.channels.base import ADAPTERS, Undeliverable
from workflows.domain import invariants, notices, wordings
from workflows.domain.delivery import deliver
from workflows.domain.routing import About
from workflows.domain.wording import Wording
from workflows.models import Delivery, DeliveryAttempt, Endpoint, MessageTemplate, Notification

pytestmark = pytest.mark.django_db
ROOT = "/administration/messages/"
MAIL = f"{ROOT}wordings/assigned/email/"
ROBOT = f"{ROOT}wordings/assigned/robot/"
ABOUT = About("case", "TS-2026-000001", "TS-2026-000001", "轴承异响")
SECRET = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ="
ADDRESS = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6"


class Robot:
    def __init__(self):
        self.fails, self.seen = None, []

    def send(self, target, message):
        self.seen.append(message)
        if self.fails:
            raise self.fails
        return "0 ok"


@pytest.fixture
def robot(monkeypatch):
    made = Robot()
    for channel in ("wecom", "webhook"):
        monkeypatch.setitem(ADAPTERS, channel, made)
    return made


@pytest.fixture
def public(monkeypatch):
    """Every name is a public host; nothing is looked up."""
    monkeypatch.setattr(http.CLIENT, "resolve", lambda host, port: ["8.8.8.8"])


@pytest.fixture
def client(company):
    return browser(company.admin)


def endpoint(name="质量群", **given):
    given = {"kinds": ["assigned"], "address": ADDRESS, "secret": SECRET, **given}
    return Endpoint.objects.create(name=name, **{"channel": "wecom", **given})


def tell(people=(), key="k"):
    at, keys = timezone.now(), [one.pk for one in people]
    notices.tell(keys, kind="assigned", key=key, about=ABOUT, at=at)


def lost(company, count=1):
    """Messages that were given up."""
    group = endpoint("lost")
    for number in range(count):
        tell(key=f"lost{number}")
    Delivery.objects.filter(endpoint=group).update(dead=timezone.now(), attempts=8, error="x")
    return list(Delivery.objects.filter(endpoint=group).order_by("pk"))


# ---------------------------------------------------------------------------- who may
@pytest.mark.parametrize("who", ["agent", "head", "manager", "director", "auditor"])
def test_nobody_but_an_administrator_finds_the_pages(company, who):
    (row,), stranger = lost(company), browser(getattr(company, who))
    group = Endpoint.objects.get()
    pages = [
        "",
        f"{row.pk}/",
        "endpoints/",
        "endpoints/new/",
        f"endpoints/{group.pk}/",
        "wordings/",
    ]
    for page in [*pages, f"endpoints/{group.pk}/", "wordings/assigned/email/"]:
        assert stranger.get(ROOT + page).status_code == 404, page
    acts = ["again/", f"{row.pk}/again/", f"endpoints/{group.pk}/test/"]
    for act in [*acts, f"endpoints/{group.pk}/switch/", "wordings/assigned/email/built-in/"]:
        assert stranger.post(ROOT + act).status_code == 404, act


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_opens_empty_and_with_rows(company, language, robot):
    client = browser(company.admin, language)
    for page in ("", "endpoints/", "wordings/", "endpoints/new/", "?state=dead&q=x"):
        assert client.get(ROOT + page).status_code == 200
    (row,) = lost(company)
    for page in ("", f"{row.pk}/", f"endpoints/{row.endpoint_id}/", "endpoints/"):
        assert client.get(ROOT + page).status_code == 200
    for kind in notices.WORDS:
        for family in ("email", "robot"):
            assert client.get(f"{ROOT}wordings/{kind}/{family}/").status_code == 200
    assert client.get(f"{ROOT}wordings/digest/email/").status_code == 200
    for nonsense in ("digest/robot", "password/email", "assigned/fax"):
        assert client.get(f"{ROOT}wordings/{nonsense}/").status_code == 404


# ---------------------------------------------------------------------------- endpoints
def typed(**given):
    return {
        "channel": "wecom", "name": "质量群", "address": ADDRESS, "secret": "",
        "kinds": ["assigned", "incident"], "department": "", "language": "zh-hans", **given,
    }  # fmt: skip


def test_an_endpoint_is_added_and_never_shows_its_address_or_secret_again(company, client, public):
    sent = typed(secret=SECRET)
    assert client.post(f"{ROOT}endpoints/new/", sent).status_code == 302
    row = Endpoint.objects.get()
    assert (row.address, row.secret, row.kinds) == (ADDRESS, SECRET, ["assigned", "incident"])
    for page in (f"endpoints/{row.pk}/", "endpoints/"):
        html = client.get(ROOT + page).content.decode()
        assert "693a91f6" not in html and SECRET not in html and "qyapi.weixin.qq.com/…" in html
    assert not hasattr(row.history.get(), "secret") and not hasattr(row.history.get(), "address")


def test_empty_fields_keep_what_is_stored_and_a_box_takes_the_secret_away(company, client, public):
    row = endpoint()
    page = f"{ROOT}endpoints/{row.pk}/"
    assert client.post(page, typed(name="新名", address="")).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.address, row.secret) == ("新名", ADDRESS, SECRET)
    assert client.post(page, typed(address="", no_secret="on")).status_code == 302
    row.refresh_from_db()
    assert row.secret == "" and row.history.first().history_user == company.admin


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/x", "https://[::ffff:127.0.0.1]/", "https://169.254.169.254/", "file:///x",
     "gopher://example.com/", "https://0x7f.1/"],
)  # fmt: skip
def test_an_address_inside_the_house_is_refused_at_its_field(company, client, address):
    answer = client.post(f"{ROOT}endpoints/new/", typed(address=address, name="典型"))
    assert answer.status_code == 422 and not Endpoint.objects.exists()
    html = answer.content.decode()
    assert 'id="id_address_error"' in html and 'value="典型"' in html


def test_a_webhook_needs_a_secret_and_names_are_unique(company, client, public):
    answer = client.post(f"{ROOT}endpoints/new/", typed(channel="webhook", secret="short"))
    assert answer.status_code == 422 and "16" in answer.content.decode()
    endpoint("质量群")
    assert client.post(f"{ROOT}endpoints/new/", typed()).status_code == 422
    assert client.post(f"{ROOT}endpoints/new/", typed(name="b", kinds=[])).status_code == 422


def test_a_test_tells_what_the_other_side_said_and_stands_in_the_log(company, client, robot):
    row = endpoint()
    page = f"{ROOT}endpoints/{row.pk}/test/"
    assert "0 ok" in client.post(page, follow=True).content.decode()
    robot.fails = Undeliverable("93000 invalid webhook url")
    assert "93000 invalid" in client.post(page, follow=True).content.decode()
    robot.fails = OSError(f"no way to {ADDRESS}")
    html = client.post(page, follow=True).content.decode()
    assert "no way to …" in html and "693a91f6" not in html
    assert [bool(one.sent) for one in Delivery.objects.order_by("pk")] == [True, False, False]
    assert not Delivery.objects.filter(dead__isnull=False).exists()
    assert deliver("wecom") == 0


def test_an_endpoint_that_is_off_hears_nothing_until_it_is_on(company, client, robot):
    row = endpoint()
    page = f"{ROOT}endpoints/{row.pk}/switch/"
    client.post(page, {"on": "0"})
    tell(key="unheard")
    client.post(page, {"on": "1"})
    tell(key="heard")
    assert [one.key.split(":")[0] for one in Delivery.objects.all()] == ["heard"]


# ---------------------------------------------------------------------------- wordings
def words(**given):
    both = {"subject_zh": "新步骤 {number}", "body_zh": "{title} 期限 {due}"}
    return {**both, "subject_en": "New step {number}", "body_en": "{title} due {due}", **given}


def test_a_wording_is_previewed_kept_and_used(company, client, settings):
    html = client.post(MAIL, words(do="preview")).content.decode()
    assert "新步骤 TS-" in html and "New step TS-" in html and not MessageTemplate.objects.exists()
    assert client.post(MAIL, words(do="save")).status_code == 302
    assert MessageTemplate.objects.count() == 2
    client.post(MAIL, words(do="save"))
    assert MessageTemplate.objects.count() == 2
    company.head.email = "head@example.com"
    company.head.save()
    with Mailbox() as box:
        mailbox.use(settings, box)
        tell([company.head])
        deliver("email")
        assert box.letters[0]["Subject"] == "新步骤 TS-2026-000001"
    client.post(f"{MAIL}built-in/")
    assert wordings.drafts_of("assigned", "email")["en"].subject.startswith("{event}")
    html = client.get(MAIL).content.decode()
    assert "New step {number}" in html  # the version stays to be read


@pytest.mark.parametrize(
    "text",
    ["{{ settings.SECRET_KEY }}", "{settings.SECRET_KEY}", "{% include 'x' %}", "{nothing}", "{",
     "}", "{number", "{0}", "{number!r}", "{title.__class__}", "{}"],
)  # fmt: skip
def test_only_variables_of_the_list_are_taken(company, client, text):
    for do in ("save", "preview", "mail"):
        answer = client.post(MAIL, words(do=do, body_en=text))
        assert answer.status_code == 422
    html = answer.content.decode()
    assert 'id="id_body_en_error"' in html and "is not a variable" in html
    assert not MessageTemplate.objects.exists() and not Delivery.objects.exists()


def test_a_title_with_braces_is_not_read_as_a_wording(company):
    Notification.objects.create(
        user=company.admin, kind="assigned", key="k", subject_kind="case", subject_number="N",
        root_number="N", title="{link} {{ x }}", at=timezone.now(),
    )  # fmt: skip
    drafts = {"en": Wording("{title}", "{title}"), "zh-hans": Wording("x", "x")}
    told = wordings.preview(by=company.admin, kind="assigned", family="email", drafts=drafts)
    assert told["en"].subject == "{link} {{ x }}"


def test_a_draft_is_sent_to_me_and_to_a_group_before_it_holds(company, client, robot, settings):
    company.admin.email = "admin@example.com"
    company.admin.save()
    row = endpoint(language="both")
    with Mailbox() as box:
        mailbox.use(settings, box)
        html = client.post(MAIL, words(do="mail")).content.decode()
        assert "It arrived" in html and "新步骤" in box.letters[0]["Subject"]
    assert client.post(ROBOT, words(do="endpoint")).status_code == 200
    html = client.post(ROBOT, words(do="endpoint", endpoint=row.pk)).content.decode()
    assert "0 ok" in html
    assert "新步骤" in robot.seen[0].subject and "New step" in robot.seen[0].subject
    assert not MessageTemplate.objects.exists()


# ---------------------------------------------------------------------------- the log
def test_the_log_filters_and_goes_by_key(company, client, robot):
    lost(company, 60)
    group = endpoint("quiet", kinds=["escalated"])
    html = client.get(ROOT).content.decode()
    assert html.count('class="row-title"') == 50 and "?after=" in html
    older = client.get(f"{ROOT}?after={Delivery.objects.order_by('pk')[10].pk}").content.decode()
    assert older.count('class="row-title"') == 10
    for query, rows in (
        ("state=dead", 50), ("state=sent", 0), ("channel=wecom", 50), ("channel=email", 0),
        ("kind=assigned", 50), ("kind=escalated", 0), ("q=lost", 50), (f"q={group.name}", 0),
        ("q=TS-2026-000001", 50), ("state=nonsense&after=x%00", 50),
    ):  # fmt: skip
        html = client.get(f"{ROOT}?{query}").content.decode()
        assert html.count('class="row-title"') == rows, query


def test_the_log_tells_no_contents(company, client, robot):
    (row,) = lost(company)
    for page in ("", f"{row.pk}/"):
        html = client.get(ROOT + page).content.decode()
        assert "TS-2026-000001" in html and "轴承异响" not in html


def test_what_was_given_up_is_tried_again_one_or_all(company, client, robot):
    first, second, third = lost(company, 3)
    client.post(f"{ROOT}{first.pk}/again/")
    assert deliver("wecom") == 1
    first.refresh_from_db()
    assert first.sent and first.attempts == 1
    assert DeliveryAttempt.objects.get(asked_by=company.admin).delivery == first
    html = client.get(f"{ROOT}{first.pk}/").content.decode()
    assert "asked for further tries" in html and "0 ok" in html
    client.post(f"{ROOT}{first.pk}/again/")
    assert deliver("wecom") == 0
    client.post(f"{ROOT}again/", {"channel": "email"})
    assert Delivery.objects.filter(dead__isnull=False).count() == 2
    client.post(f"{ROOT}again/")
    assert deliver("wecom") == 2


def test_lists_cost_the_same_at_1_and_at_50_rows(company, client, robot):
    lost(company, 1)
    pages = ["", "?q=lost&state=dead", "endpoints/", f"{Delivery.objects.get().pk}/", "wordings/"]
    client.get(ROOT)
    few = [statements(client, "get", ROOT + page)[1] for page in pages]
    for number in range(50):
        endpoint(f"e{number}", department=company.workshop, kinds=["escalated"])
        tell(key=f"more{number}")
        DeliveryAttempt.objects.create(
            delivery=Delivery.objects.order_by("pk")[0], at=timezone.now(), took_ms=1, error="x"
        )
    many = [statements(client, "get", ROOT + page)[1] for page in pages]
    assert many == few
    assert max(few) <= 10


def test_a_page_of_notifications_costs_the_same_at_1_and_at_50_rows(company):
    client = browser(company.head)
    tell([company.head], key="n")
    few = statements(client, "get", "/notifications/")[1]
    for number in range(50):
        tell([company.head], key=f"n{number}")
    assert statements(client, "get", "/notifications/")[1] == few


# ---------------------------------------------------------------------------- what must hold
def problems(number):
    return [row for found, _words, row in invariants.violations() if found == number]


def test_messages_that_are_late_dead_or_without_receipt_are_listed(company, robot):
    (row,) = lost(company)
    assert problems(13) == [f"{row.key}: x"]
    Delivery.objects.update(dead=None, due=timezone.now() - timedelta(minutes=16))
    assert len(problems(13)) == 1
    Delivery.objects.update(sent=timezone.now())
    assert len(problems(13)) == 1
    Delivery.objects.update(receipt="ok")
    assert problems(13) == []
    for _turn in range(2):
        DeliveryAttempt.objects.create(delivery=row, at=timezone.now(), took_ms=1, receipt="ok")
    assert problems(13) == [f"{row.key}: sent 2 times"]


def test_a_notification_without_its_message_is_found_and_the_other_way_round(company):
    company.head.email = "head@example.com"
    company.head.save()
    tell([company.head])
    assert problems(14) == []
    Notification.objects.update(channel="")
    assert problems(14) == [f"k:{company.head.pk}:email: no notification"]
    Notification.objects.update(channel="email")
    Delivery.objects.all().delete()
    assert problems(14) == [f"k:{company.head.pk}: no message"]


def test_the_command_checks_both(company, capsys):
    lost(company)
    with pytest.raises(SystemExit):
        call_command("check_invariants")
    assert "lost" in capsys.readouterr().out
