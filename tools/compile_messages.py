"""Compiles every locale/*/LC_MESSAGES/*.po to its .mo, without the gettext programs."""

import sys
from pathlib import Path

from tools import po
from tools.project import ROOT, find, rel


def compile_file(path: Path) -> Path:
    """Write the .mo beside the .po; the same .po gives the same bytes on every machine."""
    target = path.with_suffix(".mo")
    target.write_bytes(po.compile_entries(po.read(path)))
    return target


def main() -> int:
    paths = list(find(["locale"], ".po")) if (ROOT / "locale").is_dir() else []
    for path in paths:
        try:
            print(f"compiled {rel(compile_file(path))}")
        except po.BadCatalogue as error:
            print(f"{rel(path)}: {error}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
