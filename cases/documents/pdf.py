"""PDF by typst: a template file, and data handed over as JSON, never as markup."""

import json
import shutil
from collections.abc import Mapping
from datetime import datetime
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
    template: Path,
    data: Mapping[str, Any],
    pictures: Mapping[str, bytes] | None = None,
    *,
    moment: datetime | None = None,
) -> bytes:
    """The PDF of a template; it reads `data` from sys.inputs, and pictures by their file name.

    A template reaches only what lies beside it: its own folder, or one made for the pictures.
    With the `moment` it bears, one content makes the same bytes every time.
    """
    if not pictures:
        return compiled(template, data, moment)
    with TemporaryDirectory() as folder:
        for part in template.parent.glob("*.typ"):
            shutil.copy(part, folder)
        for name, content in pictures.items():
            (Path(folder) / name).write_bytes(content)
        return compiled(Path(folder) / template.name, data, moment)


def compiled(template: Path, data: Mapping[str, Any], moment: datetime | None) -> bytes:
    made: bytes = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(moment.timestamp()) if moment else None,
    )
    return made
