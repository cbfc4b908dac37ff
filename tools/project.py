"""What all tools know about this project: where it stands, its files, and the words it keeps."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "workflows", "cases", "surveys", "config")
LANGUAGE = "zh_Hans"

# Words that stay as they are in every language: names, formats, units and code letters.
NAMES = frozenset(
    """
    Redress CAPA 8D 5D SLA BPMN AGPL API CSV DOCX Excel PDF PNG JPEG SVG UTF GBK URL ID
    HTML Word XLSX ZIP English Chromium PostgreSQL SQLite Redis RabbitMQ AM PM KB MB GB UTC OK
    """.split()
)
CHINESE = re.compile(r"[\u3400-\u9fff]")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
_WORD = re.compile(r"[A-Za-z]{2,}")


def rel(path: Path) -> str:
    """The path as people write it, from the root of the project."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()


def find(folders: Iterable[str], suffix: str) -> Iterator[Path]:
    """All files with this suffix below the folders, in order; caches and vendored files aside."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(f"*{suffix}")):
            if path.is_file() and not {"__pycache__", "vendor", "node_modules"} & {*path.parts}:
                yield path


def words_to_translate(text: str) -> list[str]:
    """Words of a text that a reader of the other language could not read; names aside."""
    plain = _PLACEHOLDER.sub(" ", text)
    latin = [word for word in _WORD.findall(plain) if word not in NAMES]
    return latin + CHINESE.findall(text)[:1]


def report(title: str, problems: list[str]) -> int:
    """Print what a check found and return its exit code."""
    for problem in problems:
        print(problem)
    print(f"{title}: {f'{len(problems)} to mend' if problems else 'fine'}")
    return 1 if problems else 0
