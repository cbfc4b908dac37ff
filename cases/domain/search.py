"""Finding cases by what stands in them: every word of the question, in Chinese too.

On PostgreSQL an index of two-character pieces narrows the cases down (migration 0003), LIKE makes
sure that the pieces stand side by side. SQLite looks at each text.
"""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from cases.models import Case
from cases.validators import digits_of

MOST_WORDS = 6
# Fewer digits are part of a batch or a date rather than of somebody's phone.
LEAST_DIGITS = 4
# How many recent cases are compared with what is being typed, and from which likeness on.
COMPARED = 150
ALIKE = 0.2


class HasPieces(Func):
    """Whether the indexed pieces of a text fit a question in PostgreSQL's own form."""

    template = "(case_pieces(%(expressions)s::tsquery)"
    arg_joiner = ") @@ "
    output_field = BooleanField()


def fold(text: str) -> str:
    """A text as the search compares it: one width, one case."""
    return unicodedata.normalize("NFKC", text).lower()


def searchable(case: Case) -> str:
    """Everything the search looks at, in one folded text; a customer's phone is not in it, as
    not everybody may look for one."""
    parts = (
        case.number,
        case.title,
        case.description,
        case.customer.name,
        case.contact_name,
        case.batch,
        case.external_ref,
        case.product.name if case.product else "",
    )
    return fold("\n".join(part for part in parts if part))


def pieces(text: str) -> list[str]:
    """The two-character pieces of a text, each once, in order."""
    return list(dict.fromkeys(a + b for a, b in zip(text, text[1:], strict=False)))


def quoted(piece: str) -> str:
    escaped = piece.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def has_pieces(found: list[str], *, joined: str) -> HasPieces:
    """All pieces (`joined` by " & ") or any of them (by " | ")."""
    return HasPieces(F("search_text"), Value(joined.join(quoted(piece) for piece in found)))


def indexed(cases: QuerySet[Case]) -> bool:
    return connections[cases.db].vendor == "postgresql"


def matching(
    cases: QuerySet[Case], text: str, *, callers: Callable[[str], Sequence[int]]
) -> QuerySet[Case]:
    """Cases in which each word of `text` occurs. A number may also be part of a customer's phone:
    `callers` gives the keys of such customers."""
    for word in fold(text).split()[:MOST_WORDS]:
        condition = Q(search_text__contains=word)
        if indexed(cases) and len(word) > 1:
            condition &= Q(has_pieces(pieces(word), joined=" & "))
        if digits_of(word) == word and len(word) >= LEAST_DIGITS:
            # Keys, not a join: the planner can put two indexes together, but no join and an index.
            condition |= Q(customer__in=callers(digits_of(word)))
        cases = cases.filter(condition)
    return cases


def alike(
    cases: QuerySet[Case], text: str, *, product: int = 0, most: int = 5
) -> list[tuple[float, Case]]:
    """Recent cases that resemble a text, the most similar first, with their likeness.

    Compared are the newest that share a piece of the text with it, or the product.
    """
    wanted = set(words_of(text))
    if not wanted and not product:
        return []
    near = Q(product=product) if product else Q(pk__in=[])
    if wanted and indexed(cases):
        near |= Q(has_pieces(sorted(wanted), joined=" | "))
    else:
        for piece in sorted(wanted)[:30]:
            near |= Q(search_text__contains=piece)
    rows = cases.filter(near).order_by("-pk")[:COMPARED]
    scored = [(likeness(wanted, row, product), row) for row in rows]
    scored.sort(key=lambda pair: (-pair[0], -pair[1].pk))
    return [pair for pair in scored if pair[0] >= ALIKE][:most]


def words_of(text: str) -> list[str]:
    """The pieces that mean something: of letters and figures, without signs and blanks."""
    return [piece for piece in pieces(fold(text)) if piece.isalnum()][:300]


def likeness(wanted: set[str], case: Any, product: int) -> float:
    """From 0 to 1: the share of common pieces, and a little for the same product."""
    there = set(words_of(f"{case.title}\n{case.description}"))
    common = 2 * len(wanted & there) / ((len(wanted) + len(there)) or 1)
    same = 0.25 if product and case.product_id == product else 0.0
    return min(common + same, 1.0)
