"""The lock files belong to pyproject.toml, name hashes, and name no place to download from."""

import re
import tomllib

import pytest

from tools.project import ROOT

pytestmark = pytest.mark.sqlite_only

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)["project"]
RUNTIME = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["prod"]
LOCKED = {
    "requirements.lock": RUNTIME,
    "requirements-dev.lock": RUNTIME + PROJECT["optional-dependencies"]["test"],
}


def pins(lines: list[str]) -> dict[str, str]:
    """Package → version, names spelled as the index spells them, extras left out."""
    found = [re.match(r"([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)", line) for line in lines]
    return {re.sub(r"[-_.]+", "-", pin[1]).lower(): pin[2] for pin in found if pin}


@pytest.mark.parametrize("name", LOCKED)
def test_lock_has_the_pinned_versions(name):
    locked = pins((ROOT / name).read_text(encoding="utf-8").splitlines())
    asked = pins(LOCKED[name])
    assert len(asked) == len(LOCKED[name]), "every dependency is pinned exactly"
    assert {package: locked.get(package) for package in asked} == asked, "run make lock"


def test_both_locks_agree():
    runtime, dev = (pins((ROOT / name).read_text().splitlines()) for name in LOCKED)
    assert runtime.items() <= dev.items()


@pytest.mark.parametrize("name", LOCKED)
def test_lock_has_hashes_and_no_addresses(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    packages = re.split(r"\n(?=\w)", text)[1:]
    assert all("--hash=sha256:" in package for package in packages)


def test_every_dependency_has_a_reason():
    lines = re.findall(r'^    "[\w.\[\],-]+==[^"]+",\s*(.*)$', PYPROJECT, re.MULTILINE)
    assert len(lines) == len(LOCKED["requirements-dev.lock"])
    assert all(re.match(r"# \w.{8,}", reason) for reason in lines)
