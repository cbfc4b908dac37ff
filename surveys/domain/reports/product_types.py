"""Results by product type: the products of a line, a node of the tree that stands at its top, are
one part of a source. The index itself knows products only."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from cases.models import Product
from surveys.domain import index, policy as rules_of, tree
from surveys.domain.evidence import Evidence, gather
from surveys.domain.periods import Period
from surveys.domain.policy import Policy

Parts = dict[str, list[dict[str, Any]]]


def by_type(period: Period) -> Parts:
    """Lines by the key of their source, as in the tree of the index: seven statements.

    Raises NotFound where no policy holds.
    """
    policy = rules_of.read(index.in_force(period).document)
    evidence = typed(gather(period, [source.key for source in policy.sources]))
    return {source.key: lines(policy, evidence.of_source(source.key)) for source in policy.sources}


def lines(policy: Policy, evidence: Evidence) -> list[dict[str, Any]]:
    whole = tree.scored(policy, evidence, frame=evidence.population).total()
    return list(tree.parts(policy, evidence, "product", whole))


def typed(evidence: Evidence) -> Evidence:
    """The same forms, each under the type of its product."""
    tops = {key: top_of(product) for key, product in evidence.products.items()}
    roots = Product.objects.in_bulk(set(tops.values()))
    top = {key: root if root in roots else key for key, root in tops.items()}
    return replace(
        evidence,
        products=evidence.products | roots,
        cells=moved(evidence.cells, top),
        asked=moved(evidence.asked, top),
    )


def top_of(product: Product) -> int:
    """A path is like "/3/17/"."""
    return int(product.path.split("/")[1])


def moved(rows: Iterable[Any], top: dict[int, int]) -> list[Any]:
    return [replace(row, product=top.get(row.product)) for row in rows]
