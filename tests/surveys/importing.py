"""What the tests of importing answers share: files to import, and running the command."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.core.management import CommandError, call_command

from tests.cases.importing import sheet
from workflows.domain.context import now

HEADING = ["external_id", "received_at", "customer", "customer_type", "product", "region", "city",
           "channel", "interviewer", "seconds", "function", "appearance", "timeliness",
           "notice"]  # fmt: skip


def form(number: int, **changes: Any) -> list[Any]:
    """A row of a file of answers to tests.surveys.factories.DOCUMENT."""
    cells = {
        "external_id": f"{number:04}",
        "received_at": now().strftime("%Y-%m-%d %H:%M:%S+00:00"),
        **dict.fromkeys(HEADING[2:8], ""),
        "interviewer": "刘强",
        "seconds": 120 + number,
        "function": 5,
        "appearance": 4,
        "timeliness": 3,
        "notice": "",
    }
    return list({**cells, **changes}.values())


def write(path: Path, *rows: list[Any], **given: Any) -> Path:
    return sheet(path / "answers.csv", [HEADING, *rows], **given)


def run(path: Path, campaign: Any, *options: Any) -> SimpleNamespace:
    """Call the command; what it said and how it ended."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    given = [str(path), "--campaign", campaign.number, *map(str, options)]
    try:
        call_command("import_responses", *given, stdout=out, stderr=err)
    except CommandError as error:
        err.write(str(error))
        code = error.returncode
    except SystemExit as error:
        code = error.code
    said = out.getvalue()
    return SimpleNamespace(code=code, out=said, err=err.getvalue(), last=said.splitlines()[-1:])
