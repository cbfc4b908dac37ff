"""Keys that tie versions and files together: small letters, digits and underscores."""

import re
from typing import Any

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


def is_key(value: Any) -> bool:
    return isinstance(value, str) and _KEY.fullmatch(value) is not None
