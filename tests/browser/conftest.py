"""A real Chromium against a live server. Required in CI, left out where none is installed."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.test import Client

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Playwright drives the page from its own loop in this thread, where Django would refuse the ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    if CHROMIUM is None:
        assert not os.environ.get("CI"), "CI needs Chromium"
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_as(chromium, live_server) -> Iterator:
    """A page of a signed-in person: `open_as(person, language="en", width=390)`."""
    contexts = []

    def open_page(person, *, language: str = "zh-hans", width: int = 1440, height: int = 900):
        client = Client()
        client.force_login(person)
        context = chromium.new_context(
            viewport={"width": width, "height": height}, base_url=live_server.url
        )
        cookies = {
            "redress": client.cookies["redress"].value,
            "django_language": language,
        }
        context.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in cookies.items()
            ]
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on(
            "console",
            lambda message: message.type == "error" and page.errors.append(message.text),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
