"""LibreOffice as tests use it: a file goes in, the text of its pages comes out."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None and os.environ.get("CI") != "true",
    reason="needs LibreOffice (libreoffice-writer-nogui, libreoffice-calc-nogui)",
)


def converted(folder: Path, **files: bytes) -> dict[str, str]:
    """The text of every file as LibreOffice shows it, in one run; "zh_docx" is a Word file."""
    names = {name: f"{name}.{name.rpartition('_')[2]}" for name in files}
    for name, content in files.items():
        (folder / names[name]).write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", *names.values()]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    assert b"rror" not in done.stderr, done.stderr
    return {name: text_of(folder / f"{name}.pdf") for name in files}


def text_of(made: Path) -> str:
    found = subprocess.run(["pdftotext", made, "-"], capture_output=True, check=True)
    return found.stdout.decode()
