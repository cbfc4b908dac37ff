"""The examples of docs/files.md are files that can be taken in."""

import re
import tomllib
from pathlib import Path

import pytest

from surveys.domain import policy, questionnaire_files

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(
    r"```toml\n(.*?)```", (ROOT / "docs" / "files.md").read_text(encoding="utf-8"), re.DOTALL
)


def block(beginning: str) -> str:
    return next(one for one in BLOCKS if one.startswith(beginning))


def test_the_questionnaire_in_the_documentation_is_valid():
    assert questionnaire_files.read(block("# A questionnaire").encode()).code == "customer_survey"


def test_the_rules_in_the_documentation_are_valid():
    document = tomllib.loads(block("# Rules of the index"))
    document.pop("holds_from")
    assert policy.read(document).deductions[0].every == 10


@pytest.mark.parametrize("text", BLOCKS)
def test_every_example_is_toml(text):
    assert tomllib.loads(text)
