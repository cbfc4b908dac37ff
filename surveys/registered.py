"""Everything of this app that the engine must know of: imported once, at start-up."""

from surveys.domain import ledger  # noqa: F401 (follows the cases)
