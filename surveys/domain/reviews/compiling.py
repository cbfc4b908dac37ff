"""The inputs of a management review are compiled, not typed (shared/DOMAIN.md 5).

Each compiler is one small function, registered by the name that the rows of an edition use. It
reads with a constant number of statements and answers with a part (see parts.py), or with None
where this installation has nothing of the kind.
"""

from collections.abc import Callable, Sequence

from surveys.domain.reviews.parts import About, Compiler, Part

_compilers: dict[str, Compiler] = {}


def compiles(name: str) -> Callable[[Compiler], Compiler]:
    """Register a compiler under a name."""

    def register(compiler: Compiler) -> Compiler:
        _compilers[name] = compiler
        return compiler

    return register


def compile_parts(names: Sequence[str], about: About) -> list[Part]:
    """The parts of one input, in the order of its names; a name that is not known here, and a
    compiler without anything, add none."""
    found = (_compilers[name](about) for name in names if name in _compilers)
    return [one for one in found if one is not None]


def known() -> frozenset[str]:
    """The names that rows of an edition may use."""
    return frozenset(_compilers)
