"""What text may come in; the rule itself stands with people, at the bottom of the layers."""

from accounts.validators import clean_text

__all__ = ["clean_text"]
