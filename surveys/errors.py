"""How answering says no, beside what workflows/errors.py knows."""

from workflows.errors import EngineError


class Gone(EngineError):
    """The window of the campaign is over."""

    status = 410


class TooMany(EngineError):
    """One address sends so fast that a question comes first; nothing is dropped."""

    status = 429
