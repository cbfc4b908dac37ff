"""Chinese is a first language: every text has a translation, and the compiled file is current.

Needs xgettext to look for texts that are not in the catalogue yet; without it that part is left
out and said, except in CI, where it fails.
"""

import ast
import gettext
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools import messages, po
from tools.project import APPS, CHINESE, ROOT, find, rel, report, words_to_translate

# Chinese in code: only where it is data of a demonstration, or the line says why.
CHINESE_ALLOWED_IN = ("demo", "migrations")
PRAGMA = "# chinese:"
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def placeholders(text: str) -> list[str]:
    return sorted(set(_PLACEHOLDER.findall(text.replace("%%", ""))))


def of_entry(entry: po.Entry) -> Iterator[str]:
    """What is wrong with one translation."""
    if entry.fuzzy:
        yield "is marked fuzzy: look at it, then remove the mark"
    if not entry.translated:
        yield "has no translation"
        return
    wanted = placeholders(entry.plural or entry.msgid)
    for text in entry.texts.values():
        if placeholders(text) != wanted:
            yield f"has other placeholders: {placeholders(text)}, not {wanted}"
        if not CHINESE.search(text) and words_to_translate(text):
            yield f"is not in Chinese: {text!r}"


def of_catalogue(entries: list[po.Entry]) -> Iterator[str]:
    for entry in entries:
        if not entry.is_header:
            for problem in of_entry(entry):
                yield f"{messages.CATALOGUE}:{entry.line}: {entry.msgid!r} {problem}"


def of_compiled(entries: list[po.Entry], compiled: Path) -> Iterator[str]:
    """The .mo must say what the .po says, whoever compiled it."""
    if not compiled.exists():
        yield f"{rel(compiled)} is missing: make messages"
        return
    with compiled.open("rb") as file:
        has = vars(gettext.GNUTranslations(file))["_catalog"]
    wanted = vars(gettext.GNUTranslations(io.BytesIO(po.compile_entries(entries))))["_catalog"]
    if has != wanted:
        yield f"{rel(compiled)} is not made from the .po of today: make messages"


def of_extraction(entries: list[po.Entry]) -> Iterator[str]:
    """Texts in code and templates that the catalogue lacks, and texts nobody uses any more."""
    if missing := messages.missing_programs():
        note = f"not looked for new texts: install gettext ({', '.join(missing)})"
        if os.environ.get("CI") == "true":
            yield note
        else:
            print(note)
        return
    today = {entry.key: entry.msgid for entry in po.parse(messages.collect())}
    known = {entry.key: entry.msgid for entry in entries}
    for key in today.keys() - known.keys():
        yield f"{messages.CATALOGUE} lacks {today[key]!r}: make messages"
    for key in known.keys() - today.keys():
        yield f"{messages.CATALOGUE}: nobody uses {known[key]!r}: make messages"


def docstrings(tree: ast.AST) -> set[int]:
    """The ids of the constants that are docstrings, or texts standing for a comment."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def chinese_in_code(source: str) -> Iterator[int]:
    """Lines with a Chinese text that is program, not comment."""
    tree, lines = ast.parse(source), source.splitlines()
    comments = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            plain = id(node) in comments or PRAGMA in lines[(node.end_lineno or node.lineno) - 1]
            if not plain and CHINESE.search(node.value):
                yield node.lineno


def hidden_names(source: str) -> Iterator[tuple[int, str]]:
    """Imports of gettext under a name that xgettext does not look for: their texts are lost."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for name in node.names:
                if "gettext" in name.name and name.asname not in {None, "_", name.name}:
                    yield node.lineno, str(name.asname)


def of_names() -> Iterator[str]:
    for path in find(APPS, ".py"):
        for line, name in hidden_names(path.read_text(encoding="utf-8")):
            yield f"{rel(path)}:{line}: texts in {name}(…) are not collected; call it _ or gettext"


def of_code() -> Iterator[str]:
    for path in find(APPS, ".py"):
        if not {*CHINESE_ALLOWED_IN} & {*path.relative_to(ROOT).parts}:
            for line in chinese_in_code(path.read_text(encoding="utf-8")):
                yield f"{rel(path)}:{line}: Chinese in code: write English and translate it"


def problems() -> Iterator[str]:
    yield from of_code()
    yield from of_names()
    path = ROOT / messages.CATALOGUE
    if not path.exists():
        yield f"{rel(path)} is missing: make messages"
        return
    try:
        entries = po.read(path)
    except po.BadCatalogue as error:
        yield f"{rel(path)}: {error}"
        return
    yield from of_catalogue(entries)
    yield from of_compiled(entries, path.with_suffix(".mo"))
    yield from of_extraction(entries)


if __name__ == "__main__":
    sys.exit(report("translations", sorted(set(problems()))))
