"""Templates compile, name nothing that is not there, and are clean HTML in two languages.

Every template is compiled by Django; what it extends and includes, the names in {% url %} and
the files in {% static %} must exist where they are written out. Then its text is read
(tools/template_text.py). Markup made in Python may not pass by the escaping either.
"""

import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import django
from django.template import Template, TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template

from tools import template_text
from tools.project import APPS, ROOT, find, rel, report

FOLDER = "templates"
_MARKED_SAFE = re.compile(r"\b(mark_safe|SafeString|SafeText)\s*\(|\b__html__\b")


def literal(expression: Any) -> str | None:
    """The text of a template expression, where it is a plain text in quotes."""
    value = getattr(expression, "var", expression)
    return str(value) if isinstance(value, str) else None


@cache
def url_names() -> frozenset[str]:
    """Every name that {% url %} can be given, with its namespaces."""
    from django.urls import URLResolver, get_resolver

    def names(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for item in resolver.url_patterns:
            if isinstance(item, URLResolver):
                yield from names(item, prefix + (f"{item.namespace}:" if item.namespace else ""))
            elif item.name:
                yield prefix + item.name

    return frozenset(names(get_resolver(), ""))


def nodes(template: Template) -> list[Any]:
    from django.template.base import Node

    return template.nodelist.get_nodes_by_type(Node)


def references(template: Template) -> Iterator[tuple[int, str]]:
    """Names written out in the template that lead nowhere."""
    from django.contrib.staticfiles import finders

    for node in nodes(template):
        line = node.token.lineno if node.token else 0
        kind = type(node).__name__
        if kind in {"ExtendsNode", "IncludeNode"}:
            name = literal(getattr(node, "parent_name", None) or getattr(node, "template", None))
            if name and not exists(name):
                yield line, f"there is no template {name}"
        elif kind == "URLNode":
            name = literal(node.view_name)
            if name and name not in url_names():
                yield line, f"there is no page {name}"
        elif kind == "StaticNode":
            name = literal(node.path)
            if name and not finders.find(name):
                yield line, f"there is no static file {name}"


def exists(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    except TemplateSyntaxError:
        return True  # reported where it stands
    return True


def of_template(path: Path) -> Iterator[str]:
    where = rel(path)
    try:
        compiled: Any = get_template(path.relative_to(ROOT / FOLDER).as_posix())
    except (TemplateSyntaxError, TemplateDoesNotExist) as error:
        yield f"{where}: {error}"
        return
    for line, text in references(compiled.template):
        yield f"{where}:{line}: {text}"
    if path.suffix == ".html":
        for line, text in template_text.problems(path.read_text(encoding="utf-8")):
            yield f"{where}:{line}: {text}"


def of_code() -> Iterator[str]:
    for path in find(APPS, ".py"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if _MARKED_SAFE.search(line):
                yield f"{rel(path)}:{number}: markup past the escaping: use format_html"


def problems() -> Iterator[str]:
    for suffix in (".html", ".txt", ".xml"):
        for path in find([FOLDER], suffix):
            yield from of_template(path)
    yield from of_code()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.exit(report("templates", list(problems())))
