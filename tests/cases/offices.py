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
    """Every file as LibreOffice shows it, in one run: a word and its ending by "_" name it."""
    names = {name: name.replace("_", ".") for name in files}
    for name, content in files.items():
        (folder / names[name]).write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    found = {}
    for name, file in names.items():
        out = folder / name
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", out, file]
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)
        assert b"rror" not in done.stderr, done.stderr
        (made,) = out.glob("*.pdf")
        text = subprocess.run(["pdftotext", made, "-"], capture_output=True, check=True)
        found[name] = text.stdout.decode()
    return found
