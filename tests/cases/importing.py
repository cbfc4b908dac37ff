"""What the tests of the import share: running the command, and files to import."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
EXAMPLES = ROOT / "examples"
HEADING = ["external reference", "received at", "customer", "description"]


def row(number: int, **changes: Any) -> list[Any]:
    cells = {
        "ref": f"K-{number}",
        "received": "2026-01-05",
        "customer": "华东机电有限公司",
        "text": f"轴承异响 {number}",
    }
    return list({**cells, **changes}.values())


def sheet(path: Path, rows: list[list[Any]], *, encoding: str = "utf-8", **form: Any) -> Path:
    """Write a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, **form).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def run(path: Path, *options: Any) -> SimpleNamespace:
    """Call the command; what it said and how it ended."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command("import_cases", str(path), *map(str, options), stdout=out, stderr=err)
    except CommandError as error:
        err.write(str(error))
        code = error.returncode
    except SystemExit as error:
        code = error.code
    said = out.getvalue()
    return SimpleNamespace(code=code, out=said, err=err.getvalue(), last=said.splitlines()[-1:])
