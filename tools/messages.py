"""Collects the texts to translate from code and templates into locale/, and compiles them.

Needs gettext's xgettext and msgmerge (a package of every system). The work is done on a copy,
so that nothing is ever written beside a template, and two runs do not meet.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import compile_messages, po
from tools.project import APPS, LANGUAGE, ROOT, find, rel

PROGRAMS = ("xgettext", "msgmerge", "msguniq", "msgattrib")
CATALOGUE = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"
HEADER = r"""# Redress in Simplified Chinese.
# This file is distributed under the same licence as Redress.
msgid ""
msgstr ""
"Project-Id-Version: Redress\n"
"Language: zh_Hans\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=1; plural=0;\n"
"""
# Differs with every run and tells nothing that the history of the file does not tell.
_DATES = re.compile(r'^"(POT-Creation|PO-Revision)-Date:.*\n', re.MULTILINE)


def missing_programs() -> list[str]:
    return [name for name in PROGRAMS if shutil.which(name) is None]


def collect() -> str:
    """The catalogue as it should be now: all texts of today, with the translations there are."""
    with tempfile.TemporaryDirectory(prefix="redress-messages-") as folder:
        copy = Path(folder)
        for path in [
            *find(APPS, ".py"),
            *find(["templates"], ".html"),
            *find(["templates"], ".txt"),
        ]:
            _copy(path, copy)
        (copy / CATALOGUE).parent.mkdir(parents=True)
        known = ROOT / CATALOGUE
        before = known.read_text(encoding="utf-8") if known.exists() else HEADER
        (copy / CATALOGUE).write_text(before, encoding="utf-8")
        _make_messages(copy)
        text = (copy / CATALOGUE).read_text(encoding="utf-8")
    return _DATES.sub("", text)


def _copy(path: Path, to: Path) -> None:
    target = to / path.relative_to(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)


def _make_messages(folder: Path) -> None:
    """Run Django's makemessages there, without settings: it then knows of that folder only."""
    options = ["--no-wrap", "--no-obsolete", "--add-location=file", "--extension=html,txt,py"]
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "django", "makemessages", "--locale", LANGUAGE, *options]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr.strip() or done.stdout.strip())


def main() -> int:
    if missing := missing_programs():
        print(f"Install gettext first (missing: {', '.join(missing)})")
        return 1
    path = ROOT / CATALOGUE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(collect(), encoding="utf-8")
    compile_messages.compile_file(path)
    entries = [entry for entry in po.read(path) if not entry.is_header]
    todo = [entry for entry in entries if entry.fuzzy or not entry.translated]
    print(f"{rel(path)}: {len(entries)} texts, {len(todo)} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
