"""What all our documents are written with: facts that may be missing, lines, signatures."""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import get_language, gettext as _

from cases.documents.blocks import Block, Fact, Facts, Signatures, Signed
from cases.documents.plain import moment
from cases.domain.papers import SignedBy


def known(name: str, text: str, *, wide: bool = False) -> Fact:
    """A fact that there may be or not; a dash where there is none."""
    return Fact(name, text or "–", wide=wide, missing=not text)


def recorded(name: str, text: str, *, wide: bool = False) -> Fact:
    """A fact that somebody is to record; it says so where nobody has yet."""
    return Fact(name, text or _("not recorded yet"), wide=wide, missing=not text)


def wide(*facts: tuple[str, str]) -> Iterator[Block]:
    """The facts that say something, one below the other."""
    told = tuple(Fact(name, text, wide=True) for name, text in facts if text)
    if told:
        yield Facts(told)


def lines(*parts: str) -> str:
    """What there is of the parts, each in a line of its own."""
    return "\n".join(part for part in parts if part)


def listed(names: Iterable[str]) -> str:
    chinese = (get_language() or "").startswith("zh")
    return ("、" if chinese else ", ").join(names)


def page_words() -> tuple[str, str, str]:
    """What stands before, between and after the number of the page and that of all pages."""
    before, between, after = re.split(r"{\w+}", _("Page {n} of {all}"))
    return before, between, after


def signed(signatures: Iterable[SignedBy]) -> Signatures:
    return Signatures(
        tuple(
            Signed(one.meaning, one.name, listed(one.roles), moment(one.at)) for one in signatures
        )
    )
