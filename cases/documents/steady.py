"""One content, one file: the same to the byte whenever it is made, so that it can be verified."""

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# Zip knows nothing earlier.
FIRST = datetime(1980, 1, 1, tzinfo=UTC)


def steady(packed: bytes, made: datetime | None) -> bytes:
    """The zip file with every member of that moment; as it is where no moment is given."""
    if made is None:
        return packed
    stamp = max(made.astimezone(UTC), FIRST).timetuple()[:6]
    out = BytesIO()
    with ZipFile(BytesIO(packed)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            told = ZipInfo(name, stamp)
            told.compress_type = ZIP_DEFLATED
            # The same on every system that makes it.
            told.create_system = 3
            new.writestr(told, old.read(name))
    return out.getvalue()
