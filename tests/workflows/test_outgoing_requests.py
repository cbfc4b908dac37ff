"""Requests leave the house for public addresses only, and come back in time whatever answers."""

import socket
import ssl
import time

import pytest

from tests.workflows.sinks import deaf, dripping, full, gushing, listening
from workflows.channels.addresses import Allowed, Refused
from workflows.channels.http import Client, check_address

pytestmark = pytest.mark.sqlite_only

FORMS = [
    "http://127.0.0.1/", "https://127.0.0.1/", "https://127.0.0.1:8443/", "https://127.1/",
    "https://0x7f.1/", "https://0x7f000001/", "https://2130706433/", "https://0177.0.0.1/",
    "https://017700000001/", "https://127.0.0.1./", "https://0/", "https://0.0.0.0/",
    "https://localhost/", "https://LOCALHOST./", "https://\uff11\uff12\uff17.0.0.1/",
    "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[64:ff9b::127.0.0.1]/",
    "https://[64:ff9b:1::7f00:1]/", "https://[2002:7f00:1::]/", "https://[2001:0:7f00:1::]/",
    "https://[fe80::1]/", "https://[fec0::1]/", "https://[fc00::1]/", "https://[ff02::1]/",
    "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/", "https://169.254.169.254/",
    "https://100.64.0.1/", "https://198.18.0.1/", "https://192.0.0.192/", "https://224.0.0.1/",
    "https://255.255.255.255/", "https://240.0.0.1/", "https://192.88.99.1/",
    "file:///etc/passwd", "gopher://127.0.0.1:6379/_x", "ftp://example.com/", "//example.com/",
    "https://user:pass@example.com/", "https://example.com@127.0.0.1/", "https://exa mple.com/",
    "https://example.com\\@127.0.0.1/", "https://example.com/\r\nX: y", "https://[::1", "https:///",
    "https://example.com:99999/", "javascript:alert(1)", "", "https://\u2025/",
]  # fmt: skip


def known(**names: str | list[str]):
    """A resolver that knows these names and leaves numbers to the system."""

    def resolve(host: str, port: int) -> list[str]:
        if host.replace(".", "_") in names:
            found = names[host.replace(".", "_")]
            return [found] if isinstance(found, str) else found
        return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port)]

    return resolve


@pytest.mark.parametrize("url", FORMS)
def test_an_address_inside_or_in_disguise_is_refused_at_saving_and_at_sending(url):
    client = Client()
    with pytest.raises(Refused):
        client.check(url)
    with pytest.raises(Refused):
        client.post(url, b"", {})


def test_there_are_forty_forms():
    assert len(set(FORMS)) >= 40


def test_a_public_name_that_stands_for_an_inner_address_is_refused(settings):
    inner = Client(resolve=known(localtest_me="127.0.0.1"))
    mixed = Client(resolve=known(example_com=["93.184.215.14", "10.0.0.7"]))
    mapped = Client(resolve=known(example_com=["::ffff:93.184.215.14"]))
    for client, url in [
        (inner, "https://localtest.me/"),
        (mixed, "https://example.com/"),
        (mapped, "https://example.com/"),
    ]:
        with pytest.raises(Refused):
            client.check(url)


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("https://example.com/hook?key=1", True),
        ("https://example.com:8443/", True),
        ("https://b\u00fccher.example/", True),
        ("http://example.com/", False),
        ("https://example.com:22/", False),
        ("https://example.com:80/", False),
    ],
)
def test_only_https_on_its_ports_leads_outside(url, right):
    client = Client(resolve=lambda host, port: ["93.184.215.14", "2606:2800:21f:cb07::1"])
    if right:
        client.check(url)
    else:
        with pytest.raises(Refused):
            client.check(url)


def test_a_name_that_cannot_be_looked_up_just_now_may_be_saved_but_an_unknown_one_may_not():
    def fails(code: int):
        def resolve(host: str, port: int) -> list[str]:
            raise socket.gaierror(code, "not found")

        return resolve

    Client(resolve=fails(socket.EAI_AGAIN)).check("https://example.com/")
    with pytest.raises(Refused):
        Client(resolve=fails(socket.EAI_NONAME)).check("https://example.com/")


@pytest.mark.parametrize(
    "entry", ["127.0.0.1", "127.0.0.0/8", "receiver.intranet", "RECEIVER.intranet"]
)
def test_what_the_operator_names_is_open_and_nothing_else(settings, entry):
    settings.OUTBOUND_ALLOW = [entry]
    client = Client(resolve=known(receiver_intranet="127.0.0.1", other_intranet="10.1.1.1"))
    with listening() as sink:
        answer = client.post(sink.url(host="receiver.intranet"), b"{}", {"X-Told": "yes"})
        assert answer.status == 200
        assert sink.got[0].headers["host"] == f"receiver.intranet:{sink.port}"
        assert sink.got[0].headers["x-told"] == "yes"
    with pytest.raises(Refused):
        client.check("http://other.intranet/")


@pytest.mark.parametrize("entry", ["10.0.0.0/33", "a b", "300.1.1.1", "https://x", "10.0.0.1/8"])
def test_nonsense_in_the_list_is_refused(entry):
    with pytest.raises(ValueError, match="neither"):
        Allowed.read([entry])


def test_a_name_that_points_elsewhere_the_second_time_gains_nothing(settings):
    """The connection goes to the address that was judged; there is no second question."""
    settings.OUTBOUND_ALLOW = ["127.0.0.2"]
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.2"] if len(asked) == 1 else ["127.0.0.1"]

    client = Client(resolve=rebinding, seconds=2)
    with listening() as sink:
        with pytest.raises(OSError, match="refused"):
            client.post(sink.url(host="rebind.example"), b"", {})
        assert (len(asked), sink.got) == (1, [])
        with pytest.raises(Refused):
            client.post(sink.url(host="rebind.example"), b"", {})
        assert sink.got == []


def test_a_redirect_is_not_followed(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with listening() as inner, listening() as sink:
        sink.status, sink.headers = 302, {"Location": inner.url()}
        assert Client().post(sink.url(), b"", {}).status == 302
        assert inner.got == []


def test_a_proxy_of_the_environment_is_not_used(settings, monkeypatch):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with listening() as proxy, listening() as sink:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert Client().post(sink.url(), b"", {}).status == 200
        assert proxy.got == []


def test_a_body_that_drips_ends_with_the_time_for_the_whole_request(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with listening() as sink:
        sink.write = dripping
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            Client(seconds=1).post(sink.url(), b"", {})
        assert time.monotonic() - begun < 2


def test_of_a_gigabyte_a_megabyte_is_read(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with listening() as sink:
        sink.write = gushing
        begun = time.monotonic()
        answer = Client().post(sink.url(), b"", {})
        assert (answer.status, len(answer.body)) == (200, 1_000_000)
        assert time.monotonic() - begun < 3


def test_a_host_that_is_silent_is_given_up_in_time(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with deaf() as port:
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            Client(seconds=0.5).post(f"http://127.0.0.1:{port}/", b"", {})
        assert time.monotonic() - begun < 1


def test_a_connection_and_a_handshake_that_hang_are_given_up_in_time(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with deaf() as silent, full() as hanging:
        for url in (f"https://127.0.0.1:{silent}/", f"http://127.0.0.1:{hanging}/"):
            begun = time.monotonic()
            with pytest.raises(TimeoutError):
                Client(seconds=0.5).post(url, b"", {})
            assert time.monotonic() - begun < 1.5


def test_a_resolver_that_hangs_is_given_up_in_time():
    def slow(host: str, port: int) -> list[str]:
        time.sleep(5)
        return []

    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        Client(resolve=slow, seconds=0.3).post("https://example.com/", b"", {})
    assert time.monotonic() - begun < 1


def test_ten_seconds_and_a_megabyte_are_the_limits():
    client = Client()
    assert (client.seconds, client.most_bytes) == (10, 1_000_000)
    trust = client.trust()
    assert (trust.verify_mode, trust.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_the_form_asks_the_same_client():
    with pytest.raises(Refused) as refusal:
        check_address("https://169.254.169.254/latest/meta-data")
    assert str(refusal.value)
