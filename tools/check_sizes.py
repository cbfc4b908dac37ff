"""Files and functions stay small enough to be read at one go (the house sizes)."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.project import APPS, find, rel, report

SOURCE_LINES, FUNCTION_LINES, TEMPLATE_LINES, FLOW_LINES = 400, 60, 120, 160


def allowed_lines(path: Path) -> int:
    """How long this Python file may be. The engine's own nodes are source, not flows."""
    is_flow = path.parent.name == "flows" and path.parent.parent.name != "workflows"
    return FLOW_LINES if is_flow and path.name != "__init__.py" else SOURCE_LINES


def long_functions(source: str) -> Iterator[tuple[str, int, int]]:
    """Name, first line and length of the functions that are too long; decorators aside."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield node.name, node.lineno, length


def problems() -> Iterator[str]:
    for path in find([*APPS, "tests", "tools", "benchmarks"], ".py"):
        if path.parent.name == "migrations":
            continue
        source = path.read_text(encoding="utf-8")
        lines, allowed = source.count("\n"), allowed_lines(path)
        if lines > allowed:
            yield f"{rel(path)}: {lines} lines, at most {allowed}"
        for name, line, length in long_functions(source):
            yield f"{rel(path)}:{line}: {name} has {length} lines, at most {FUNCTION_LINES}"
    for path in find(["templates"], ".html"):
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > TEMPLATE_LINES:
            yield f"{rel(path)}: {lines} lines, at most {TEMPLATE_LINES}"
    for suffix in (".js", ".css"):
        for path in find(["static"], suffix):
            lines = path.read_text(encoding="utf-8").count("\n")
            if lines > SOURCE_LINES:
                yield f"{rel(path)}: {lines} lines, at most {SOURCE_LINES}"


if __name__ == "__main__":
    sys.exit(report("sizes", list(problems())))
