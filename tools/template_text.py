"""What can be told of a template from its text alone, without rendering it.

Django's tags are masked first: what they print becomes a middle dot, so that a text between
them, an attribute or a label is left as a person wrote it.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, Token, TokenType

from tools.project import words_to_translate

PRINTED = "·"
# Attributes a person reads or hears.
SPOKEN = frozenset(
    ["title", "alt", "placeholder", "aria-label", "aria-description", "label", "hx-confirm"]
    + ["data-confirm", "data-label", "data-bs-title", "data-bs-content"]
)
ADDRESSES = frozenset(["src", "href", "action", "formaction", "poster", "data", "srcset"])
FIELDS = frozenset(["input", "select", "textarea"])
SILENT_INPUTS = frozenset(["hidden", "submit", "button", "reset", "image"])
# Elements without an end tag.
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"])
_FOREIGN = re.compile(r"^\s*(https?:)?//", re.IGNORECASE)
_SPANS = frozenset(["comment", "verbatim", "blocktranslate", "blocktrans"])
# A block of this name fills an attribute of the page around it: nothing a person reads.
_IN_A_TAG = re.compile(r"block \w+_(attributes|attrs|class|id)$")
_SAFE = re.compile(r"\|\s*safe(seq)?\b")

Problem = tuple[int, str]


def mask(source: str) -> str:
    """The HTML with every tag of Django replaced, and all lines where they were."""
    parts: list[str] = []
    inside = ""
    for token in Lexer(source).tokenize():
        is_tag = token.token_type == TokenType.BLOCK
        word = token.contents.split(maxsplit=1)[0] if is_tag else ""
        if inside:
            inside, shown = ("" if is_tag and word == "end" + inside else inside), ""
        elif is_tag and (word in _SPANS or _IN_A_TAG.match(token.contents)):
            inside, shown = word, PRINTED if word.startswith("blocktrans") else ""
        else:
            shown = _shown(token, word)
        parts.append(shown + "\n" * (_lines(token) - shown.count("\n")))
    return "".join(parts)


def _lines(token: Token) -> int:
    return token.contents.count("\n")


def _shown(token: Token, word: str) -> str:
    """What stands for one token in the masked page."""
    if token.token_type == TokenType.TEXT:
        return token.contents
    if token.token_type == TokenType.VAR:
        return PRINTED
    if word == "csrf_token":
        return "<csrf-token></csrf-token>"
    prints = word in {"translate", "trans", "include", "url", "static", "cycle", "now", "firstof"}
    return PRINTED if prints and token.token_type == TokenType.BLOCK else ""


class _Reader(HTMLParser):
    """Walks the masked page and notes what a reader, a screen reader or the CSP would mind."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[Problem] = []
        self.open: list[tuple[str, int, dict[str, str]]] = []
        self.labels: set[str] = set()
        self.fields: list[tuple[int, str, str]] = []
        self.speaking: list[bool] = []
        self.protected = True

    def note(self, text: str, line: int | None = None) -> None:
        self.problems.append((line or self.getpos()[0], text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name, value in given.items():
            self.attribute(tag, name, value)
        self.element(tag, given)
        if tag not in VOID:
            self.open.append((tag, self.getpos()[0], given))

    def attribute(self, tag: str, name: str, value: str) -> None:
        if name in SPOKEN and words_to_translate(value):
            self.note(f"{name} is not translated: {value!r}")
        if name in ADDRESSES and _FOREIGN.match(value):
            self.note(f"address on another host: {value}")
        if name in ADDRESSES and value.strip().lower().startswith("javascript:"):
            self.note("javascript: as an address")
        if name.startswith(("on", "hx-on")):
            self.note(f"script in the attribute {name}: the content policy forbids it")
        if name == "style" and PRINTED not in value and "--" not in value:
            self.note(f"fixed style on <{tag}>: make it a class")

    def element(self, tag: str, given: dict[str, str]) -> None:
        line = self.getpos()[0]
        if tag == "img" and "alt" not in given:
            self.note("<img> without alt")
        if tag == "img" and given.get("alt"):
            self.speaking = [True] * len(self.speaking)
        if tag == "html" and not given.get("lang"):
            self.note("<html> without lang")
        if tag == "script" and "src" not in given and "json" not in given.get("type", ""):
            self.note("script in the page: the content policy forbids it")
        if tag == "style":
            self.note("<style> in the page: the content policy forbids it")
        if tag == "label" and "for" in given:
            self.labels.add(given["for"])
        if tag in FIELDS and given.get("type", "").lower() not in SILENT_INPUTS:
            named = {"aria-label", "aria-labelledby"} & given.keys()
            if not named and not any(name == "label" for name, *_ in self.open):
                self.fields.append((line, tag, given.get("id", "")))
        if tag == "form":
            self.protected = given.get("method", "").lower() != "post"
        if tag == "csrf-token":
            self.protected = True
        if tag in {"button", "a"}:
            named_by = {"aria-label", "aria-labelledby", "title"} & given.keys()
            self.speaking.append(bool(named_by) or (tag == "a" and "href" not in given))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and not self.protected:
            self.note("form with method post, but no {% csrf_token %} in it")
            self.protected = True
        if tag in {"button", "a"} and self.speaking and not self.speaking.pop():
            self.note(f"<{tag}> with no text and no aria-label")
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index][0] == tag:
                del self.open[index:]
                break

    def handle_data(self, data: str) -> None:
        if not data.strip() or any(name in {"script", "style"} for name, *_ in self.open):
            return
        self.speaking = [True] * len(self.speaking)
        around = self.open[-1] if self.open else ("", 0, {})
        if around[0] in {"code", "kbd"} or "lang" in around[2]:
            return  # the same in every language, or in a language of its own
        if words_to_translate(data):
            blank = data[: len(data) - len(data.lstrip())].count("\n")
            text = " ".join(data.split())[:60]
            self.note(f"text is not translated: {text!r}", self.getpos()[0] + blank)

    def unlabelled(self) -> Iterator[Problem]:
        for line, tag, name in self.fields:
            if not name or name not in self.labels:
                yield line, f"<{tag}> without a label or aria-label"


def problems(source: str) -> list[Problem]:
    """(line, what is wrong) for the text of one template."""
    reader = _Reader()
    reader.feed(mask(source))
    reader.close()
    found = [*reader.problems, *reader.unlabelled()]
    for number, line in enumerate(source.splitlines(), start=1):
        if _SAFE.search(line) or "autoescape off" in line:
            found.append((number, "unescaped text: |safe and autoescape off are not allowed"))
    return sorted(found)
