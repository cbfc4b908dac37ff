"""The example files of other inputs, and what docs/files.md says of them."""

import tomllib

import pytest

from surveys.domain.inputs.files import parsed, read_mapping
from surveys.domain.inputs.kinds import KINDS
from tests.cases.importing import EXAMPLES
from tests.surveys.inputs import run
from tests.surveys.test_docs_files import BLOCKS


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [*KINDS])
def test_the_example_files_come_in(company, kind):
    ended = run(EXAMPLES / "inputs" / f"{kind}.csv", kind)
    assert (ended.code, ended.err) == (0, "")
    assert KINDS[kind].model.objects.count() == 2


def test_the_mapping_of_the_examples_is_valid():
    assert read_mapping(EXAMPLES / "inputs" / "sales.toml", KINDS["sales"]).source == "erp"


def test_the_mapping_of_the_documentation_is_valid():
    text = next(one for one in BLOCKS if one.startswith("[inputs]"))
    assert parsed(tomllib.loads(text), KINDS["quality"]).defaults == {"unit": "pcs"}
