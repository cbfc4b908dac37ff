"""Every address, asked for by somebody who is not signed in."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters

# What opens without a sign-in, and with which answers to GET and to POST. A new address that
# belongs here is written here; every other one leads to the sign-in.
OPEN: dict[str, tuple[set[int], set[int]]] = {
    "set_language": ({302}, {302}),
    "accounts:landing": ({302}, {302}),
    "accounts:sign_in": ({200}, {400}),
    "accounts:sign_in_demo": ({405}, {404}),
    "accounts:sign_out": ({405}, {302}),
    "accounts:choose_password": ({200}, {200}),
    # Personal links: the token is the key, and there is none here.
    "surveys:answer": ({404}, {404}),
    "surveys:answer_save": ({405}, {404}),
    "surveys:answer_opened": ({405}, {404}),
    "surveys:answer_thanks": ({404}, {405}),
}
HEALTH = ("health", "live", "ready")
SAMPLES = {"int": "1", "str": "x", "slug": "x", "path": "x/y"}
SAMPLES["uuid"] = "00000000-0000-4000-8000-000000000000"


def patterns(
    resolver: URLResolver, space: str = "", before: str = "/"
) -> Iterator[tuple[str, str]]:
    """(name with its namespace, an address) of every pattern."""
    for item in resolver.url_patterns:
        route = before + address(item)
        if isinstance(item, URLResolver):
            inner = f"{space}{item.namespace}:" if item.namespace else space
            yield from patterns(item, inner, route)
        elif isinstance(item, URLPattern):
            yield f"{space}{item.name}", route


def address(item: URLPattern | URLResolver) -> str:
    """The route with a sample in place of each parameter."""
    route = str(item.pattern)
    kinds = {id(converter): kind for kind, converter in get_converters().items()}
    for name, converter in item.pattern.converters.items():
        kind = kinds.get(id(converter), "str")
        for written in (f"<{kind}:{name}>", f"<{name}>"):
            route = route.replace(written, SAMPLES.get(kind, "x"))
    return route


EVERY = sorted(set(patterns(get_resolver())))


def is_health(name: str) -> bool:
    return name.rpartition(":")[2] in HEALTH


def leads_to_sign_in(answer) -> bool:
    return answer.status_code == 302 and answer.url.split("?")[0] == "/sign-in/"


def test_the_walk_finds_the_addresses():
    names = dict(EVERY)
    assert names["accounts:end_role"] == "/administration/people/1/roles/1/end/"
    assert "<" not in "".join(names.values())


def test_every_address_has_a_name():
    assert not [route for name, route in EVERY if name.endswith("None")]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "route"), EVERY)
def test_nobody_gets_in_without_signing_in(client, name, route):
    if is_health(name):
        assert client.get(route).status_code in {200, 503}
        return
    for turn, send in enumerate((client.get, client.post)):
        answer = send(route)
        if name in OPEN:
            assert answer.status_code in OPEN[name][turn], name
        else:
            assert leads_to_sign_in(answer) or answer.status_code in {404, 405}, name


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "route"), EVERY)
@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_open_nothing(client, name, route, method):
    answer = getattr(client, method)(route)
    if is_health(name):
        assert answer.status_code in {200, 405, 503}
        return
    assert answer.status_code < 500
    assert name in OPEN or leads_to_sign_in(answer) or answer.status_code in {404, 405}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "route"), EVERY)
def test_a_signed_in_person_without_any_role_breaks_nothing(client, company, settings, name, route):
    """A person whose last role has ended still has a session; no page may fall over that."""
    from accounts.domain import people

    settings.LOGIN_REDIRECT_URL = "accounts:profile"
    client.force_login(people.add_person(by=None, username="nobody", name="无岗"))
    answer = client.get(route)
    allowed = {200, 302, 403, 404, 405} | ({503} if is_health(name) else set())
    assert answer.status_code in allowed, name


@pytest.mark.django_db
def test_static_files_need_no_sign_in(client):
    assert client.get("/static/redress/people.js").status_code == 200
