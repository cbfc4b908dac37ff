"""PDF by typst: a template beside this file, and data handed over as JSON, never as markup."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).parent


@cache
def fonts() -> typst.Fonts:
    """Only the typeface we bring, so that every machine prints alike; read once."""
    spec = find_spec("noto_cjk_sans_otc")
    assert spec is not None and spec.submodule_search_locations is not None
    return typst.Fonts(
        include_system_fonts=False, font_paths=[str(spec.submodule_search_locations[0])]
    )


def make(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of a template; it reads `data` from sys.inputs."""
    made: bytes = typst.compile(
        str(FOLDER / template),
        root=str(FOLDER),
        font_paths=fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    return made
