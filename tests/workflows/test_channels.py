"""Robots and webhooks, against receivers that verify as the makers' documents say."""

import base64
import hashlib
import hmac
import json
import time
from urllib.parse import quote_plus, unquote_plus

import pytest

from tests.workflows.sinks import deaf, listening
from workflows.channels import ADAPTERS
from workflows.channels.base import Message, Target, Undeliverable
from workflows.channels.http import Client
from workflows.channels.robots import DIALECTS, Robot, cut
from workflows.channels.webhook import Webhook

pytestmark = pytest.mark.sqlite_only
MESSAGE = Message(
    key="assigned:7",
    subject="步骤待办 TS-2026-000001",
    text="请在 17:30 前处理。\n第二行。",
    url="https://redress.example.com/tasks/7/",
    data={"type": "task.assigned", "number": "TS-2026-000001"},
)
ROBOTS = sorted(DIALECTS)


@pytest.fixture
def sink(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with listening() as sink:
        yield sink


def hmac_base64(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def test_every_channel_has_its_adapter():
    assert {"wecom", "dingtalk", "feishu", "webhook"} <= set(ADAPTERS)


def test_neither_address_nor_secret_is_printed():
    assert repr(Target("https://x/?key=abc", "SECdef")) == "Target()"


# ---------------------------------------------------------------------------- signatures
def test_dingtalk_verifies_milliseconds_and_secret_signed_with_the_secret(sink):
    receipt = Robot(DIALECTS["dingtalk"], Client()).send(
        Target(sink.url("/robot/send?access_token=T"), "SECabc+/="), MESSAGE
    )
    assert receipt == "0 ok"
    got = sink.got[0]
    stamp = got.query["timestamp"]
    assert abs(int(stamp) / 1000 - time.time()) < 60 and len(stamp) == 13
    assert got.query["access_token"] == "T"
    expected = hmac_base64(b"SECabc+/=", f"{stamp}\nSECabc+/=".encode())
    raw = got.path.partition("&sign=")[2]
    assert unquote_plus(raw) == expected and raw == quote_plus(expected)
    said = json.loads(got.body)
    assert said["msgtype"] == "markdown"
    assert said["markdown"]["title"] == MESSAGE.subject
    assert f"[{MESSAGE.subject}]({MESSAGE.url})" in said["markdown"]["text"]


def test_feishu_verifies_an_empty_text_signed_with_seconds_and_secret(sink):
    Robot(DIALECTS["feishu"], Client()).send(Target(sink.url(), "feishu-secret"), MESSAGE)
    said = json.loads(sink.got[0].body)
    stamp = said["timestamp"]
    assert abs(int(stamp) - time.time()) < 60
    assert said["sign"] == hmac_base64(f"{stamp}\nfeishu-secret".encode(), b"")
    post = said["content"]["post"]["zh_cn"]
    assert (said["msg_type"], post["title"]) == ("post", MESSAGE.subject)
    assert post["content"][0][0] == {"tag": "text", "text": MESSAGE.text}
    assert post["content"][1][0]["href"] == MESSAGE.url


def test_wecom_has_its_key_in_the_address_and_nothing_is_added(sink):
    Robot(DIALECTS["wecom"], Client()).send(Target(sink.url("/send?key=K"), "unused"), MESSAGE)
    assert sink.got[0].path == "/send?key=K"
    said = json.loads(sink.got[0].body)
    assert said["msgtype"] == "markdown"
    assert MESSAGE.text in said["markdown"]["content"]


@pytest.mark.parametrize("name", ["dingtalk", "feishu"])
def test_a_robot_without_a_secret_is_not_signed(sink, name):
    Robot(DIALECTS[name], Client()).send(Target(sink.url()), MESSAGE)
    assert "sign" not in sink.got[0].query and b"sign" not in sink.got[0].body


@pytest.mark.parametrize(
    ("secret", "key"), [("whsec_" + base64.b64encode(b"k" * 24).decode(), b"k" * 24), ("p", b"p")]
)
def test_a_webhook_is_verified_by_id_timestamp_and_body(sink, secret, key):
    Webhook(Client()).send(Target(sink.url(), secret), MESSAGE)
    got = sink.got[0]
    identity, stamp = got.headers["webhook-id"], got.headers["webhook-timestamp"]
    assert identity == MESSAGE.key
    assert abs(int(stamp) - time.time()) < 60
    signed = f"{identity}.{stamp}.".encode() + got.body
    assert got.headers["webhook-signature"] == "v1," + hmac_base64(key, signed)
    said = json.loads(got.body)
    assert said["type"] == "task.assigned"
    assert said["data"]["number"] == "TS-2026-000001" and said["data"]["url"] == MESSAGE.url


def test_while_a_secret_is_replaced_both_sign(sink):
    Webhook(Client()).send(Target(sink.url(), "old new"), MESSAGE)
    old, new = sink.got[0].headers["webhook-signature"].split()
    assert old != new and {old[:3], new[:3]} == {"v1,"}


@pytest.mark.parametrize("secret", ["", "whsec_%%%"])
def test_a_webhook_that_cannot_be_signed_is_not_sent(sink, secret):
    with pytest.raises(Undeliverable):
        Webhook(Client()).send(Target(sink.url(), secret), MESSAGE)
    assert sink.got == []


# ---------------------------------------------------------------------------- what answers mean
@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_a_webhook_is_sent_when_the_answer_says_so(sink, status):
    sink.status, sink.body = status, b""
    assert str(status) in Webhook(Client()).send(Target(sink.url(), "s"), MESSAGE)


@pytest.mark.parametrize("status", [301, 302, 400, 401, 403, 404, 410, 413, 422])
def test_a_webhook_that_is_refused_is_not_tried_again(sink, status):
    sink.status = status
    with pytest.raises(Undeliverable):
        Webhook(Client()).send(Target(sink.url(), "s"), MESSAGE)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_webhook_whose_receiver_is_busy_is_tried_again(sink, status):
    sink.status = status
    with pytest.raises(OSError):
        Webhook(Client()).send(Target(sink.url(), "s"), MESSAGE)


CODES = [
    ("wecom", "errcode", 93000, Undeliverable),
    ("wecom", "errcode", 45009, OSError),
    ("wecom", "errcode", -1, OSError),
    ("dingtalk", "errcode", 310000, Undeliverable),
    ("dingtalk", "errcode", 300001, Undeliverable),
    ("dingtalk", "errcode", 400102, Undeliverable),
    ("dingtalk", "errcode", 130101, OSError),
    ("dingtalk", "errcode", 410100, OSError),
    ("feishu", "code", 19021, Undeliverable),
    ("feishu", "code", 19024, Undeliverable),
    ("feishu", "code", 11232, OSError),
    ("feishu", "code", 99991400, OSError),
    ("feishu", "code", 4711, OSError),
]


@pytest.mark.parametrize(("name", "where", "code", "meaning"), CODES)
def test_a_robots_code_says_whether_trying_again_helps(sink, name, where, code, meaning):
    sink.body = json.dumps({where: code, "errmsg": "words", "msg": "words"}).encode()
    with pytest.raises(meaning, match=f"{code} words"):
        Robot(DIALECTS[name], Client()).send(Target(sink.url(), "s"), MESSAGE)


def test_feishu_says_too_often_with_status_400_and_is_tried_again(sink):
    sink.status, sink.body = 400, b'{"code": 99991400, "msg": "request trigger frequency limit"}'
    with pytest.raises(OSError, match="99991400"):
        Robot(DIALECTS["feishu"], Client()).send(Target(sink.url(), "s"), MESSAGE)


@pytest.mark.parametrize("name", ROBOTS)
@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"errcode": null, "code": "x"}'])
def test_an_answer_nobody_understands_is_tried_again(sink, name, body):
    sink.body = body
    with pytest.raises(OSError, match="not understood"):
        Robot(DIALECTS[name], Client()).send(Target(sink.url(), "s"), MESSAGE)


@pytest.mark.parametrize("name", ROBOTS)
def test_a_robot_that_is_gone_is_not_tried_again_and_a_silent_one_is(sink, name):
    sink.status, sink.body = 404, b"no such page"
    with pytest.raises(Undeliverable):
        Robot(DIALECTS[name], Client()).send(Target(sink.url(), "s"), MESSAGE)
    with deaf() as port, pytest.raises(TimeoutError):
        Robot(DIALECTS[name], Client(seconds=0.3)).send(
            Target(f"http://127.0.0.1:{port}/"), MESSAGE
        )


@pytest.mark.parametrize("name", [*ROBOTS, "webhook"])
def test_an_inner_address_is_refused_for_good(name):
    with pytest.raises(Undeliverable):
        ADAPTERS[name].send(Target("https://169.254.169.254/", "s"), MESSAGE)


# ---------------------------------------------------------------------------- lengths and markup
LIMITS = {"wecom": 4096, "dingtalk": 20_000, "feishu": 20_000}


@pytest.mark.parametrize("name", ROBOTS)
@pytest.mark.parametrize("letter", ["a", "质", "\n", '"', "😀"])
def test_a_long_text_is_cut_to_what_the_robot_takes(sink, name, letter):
    long = Message("k", letter.strip("\n") * 3000, letter * 30_000, "https://example.com/x")
    Robot(DIALECTS[name], Client()).send(Target(sink.url(), "s"), long)
    body = sink.got[0].body
    size = len(json.loads(body)["markdown"]["content"].encode()) if name == "wecom" else len(body)
    assert size <= LIMITS[name]


def test_a_cut_falls_between_letters():
    assert cut("质量质量", 10) == "质量…"
    assert cut("质量", 6) == "质量"


@pytest.mark.parametrize("name", ["wecom", "dingtalk"])
def test_what_people_typed_becomes_neither_link_nor_mention(sink, name):
    typed = "[免费](https://evil.example) <@all> @13800000000 <font>"
    Robot(DIALECTS[name], Client()).send(
        Target(sink.url()), Message("k", typed, typed, "https://example.com/x")
    )
    content = json.loads(sink.got[0].body)["markdown"]
    text = content.get("content") or content["text"]
    assert "](https://evil" not in text and "<" not in text and "@" not in text
    assert text.count("](") == 1
