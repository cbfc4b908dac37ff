"""PDF by typst: a template file, and data handed over as JSON, never as markup."""

import json
import shutil
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst


@cache
def fonts() -> typst.Fonts:
    """Only the typeface we bring, so that every machine prints alike; read once."""
    spec = find_spec("noto_cjk_sans_otc")
    assert spec is not None and spec.submodule_search_locations is not None
    return typst.Fonts(
        include_system_fonts=False, font_paths=[str(spec.submodule_search_locations[0])]
    )


def make(
    template: Path, data: Mapping[str, Any], pictures: Mapping[str, bytes] | None = None
) -> bytes:
    """The PDF of a template; it reads `data` from sys.inputs, and pictures by their file name.

    A template reaches only what lies beside it: its own folder, or one made for the pictures.
    """
    if not pictures:
        return compiled(template, data)
    with TemporaryDirectory() as folder:
        copy = Path(shutil.copy(template, folder))
        for name, content in pictures.items():
            (copy.parent / name).write_bytes(content)
        return compiled(copy, data)


def compiled(template: Path, data: Mapping[str, Any]) -> bytes:
    made: bytes = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    return made
