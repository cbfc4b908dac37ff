"""The rules of the index as one document: read, checked, never trusted.

A document is what a version stores and what a TOML file holds (docs/files.md):

    floor = "0"; threshold = "80"; minimum_n = 5; missing = "provisional"; approval = true
    low_score = "80"; survey_cap_days = 90
    points = {5 = "100", 4 = "95", 3 = "85", 2 = "50", 1 = "0"}
    [[bands]]       from = "100", name, name_en            (each up to the next, the first to 100)
    [[sources]]     key, name, name_en, weight, kind = "survey" | "visit", customer_types, products
    [[deductions]]  rule = "general" | "flagged" | "major", every, points

Figures are exact decimals, written as strings. Source: shared/DOMAIN.md 5.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext as _

from cases.enums import CustomerType
from surveys.domain.keys import is_key
from surveys.enums import DeductionRule, QuestionnaireKind

HUNDRED = Decimal(100)
MISSING = ("provisional", "renormalise")
KINDS = (QuestionnaireKind.SURVEY, QuestionnaireKind.VISIT)
MOST_SOURCES = 12
MOST_DIGITS = 40


@dataclass(frozen=True)
class Named:
    """Something with a name in two languages."""

    name: str
    name_en: str

    @property
    def label(self) -> str:
        english = not (get_language() or "").startswith("zh")
        return (english and self.name_en) or self.name


@dataclass(frozen=True)
class Band(Named):
    """Scores from `start` (inclusive) up to the next band's start."""

    start: Decimal


@dataclass(frozen=True)
class Source(Named):
    """Where scores come from. `weight` in per cent; empty scopes mean everybody, everything."""

    key: str
    weight: Decimal
    kind: str = "survey"
    customer_types: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deduction:
    """`points` for every `every` cases under this rule."""

    rule: str
    every: int
    points: Decimal


@dataclass(frozen=True)
class Policy:
    """One version, read. `threshold` and `points` per cent; `missing` says what happens when a
    source has no data: "provisional" leaves its weight out of the sum, "renormalise" shares it."""

    points: dict[str, Decimal]
    bands: tuple[Band, ...]
    sources: tuple[Source, ...]
    deductions: tuple[Deduction, ...]
    threshold: Decimal
    floor: Decimal
    minimum_n: int
    missing: str
    approval: bool
    low_score: Decimal
    survey_cap_days: int

    def source(self, key: str) -> Source | None:
        return next((source for source in self.sources if source.key == key), None)

    def band_of(self, score: Decimal) -> Band:
        """The band in which a score from 0 to 100 lies."""
        return next(band for band in self.bands if score >= band.start)

    def deduction(self, rule: str) -> Deduction | None:
        return next((one for one in self.deductions if one.rule == rule), None)


def decimal_of(value: Any) -> Decimal | None:
    """The number a value of a document stands for; None for anything that is not one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        text = str(value).strip()
        # A power beyond that would be written out with all its zeros.
        number = Decimal(text) if len(text) <= MOST_DIGITS else None
    except (InvalidOperation, ValueError):
        return None
    return None if number is not None and abs(number.adjusted()) > MOST_DIGITS else number


def is_half(sign: str) -> bool:
    """Half of a character (a surrogate): no database stores it."""
    return "\ud800" <= sign <= "\udfff"


class Reader:
    """Takes values out of a document and collects what is wrong with them, by field."""

    def __init__(self) -> None:
        self.problems: dict[str, list[str]] = {}

    def add(self, field: str, sentence: str) -> None:
        found = self.problems.setdefault(field, [])
        if sentence not in found:
            found.append(sentence)

    def check(self) -> None:
        if self.problems:
            raise ValidationError(self.problems)

    def figure(
        self, field: str, value: Any, *, least: Decimal = Decimal(0), most: Decimal = HUNDRED
    ) -> Decimal:
        """An exact decimal between two bounds."""
        number = decimal_of(value)
        if number is None or not number.is_finite() or not least <= number <= most:
            self.add(
                field,
                _("A number from %(least)s to %(most)s is needed.")
                % {"least": least, "most": most},
            )
            return least
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -4:
            self.add(field, _("At most four decimal places are kept."))
        return number

    def whole(self, field: str, value: Any, *, least: int, most: int) -> int:
        number = self.figure(field, value, least=Decimal(least), most=Decimal(most))
        if number != number.to_integral_value():
            self.add(field, _("A whole number is needed."))
        return int(number)

    def text(self, field: str, value: Any, *, most: int = 100, needed: bool = True) -> str:
        text = value.strip() if isinstance(value, str) else ""
        if not isinstance(value, str | None):
            self.add(field, _("A text is needed."))
        elif needed and not text:
            self.add(field, _("This field is required."))
        if len(text) > most or any(ord(sign) < 32 or is_half(sign) for sign in text):
            self.add(field, _("At most %(most)s plain characters.") % {"most": most})
        return text[:most]

    def choice(self, field: str, value: Any, known: Iterable[str], sentence: str) -> str:
        found = value if isinstance(value, str) and value in set(known) else ""
        if not found:
            self.add(field, sentence)
        return found

    def answer(self, field: str, value: Any) -> bool:
        """Yes or no, and no word that would merely pass for one."""
        if not isinstance(value, bool):
            self.add(field, _("Yes or no is needed (true or false)."))
        return value is True

    def rows(self, field: str, value: Any, *, most: int) -> list[dict[str, Any]]:
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.add(field, _("A list of entries is needed."))
            return []
        if len(value) > most:
            self.add(field, _("At most %(most)s entries.") % {"most": most})
        return value[:most]


def read(document: Any) -> Policy:
    """The policy of a document. Raises ValidationError with every problem, by field."""
    given = document if isinstance(document, dict) else {}
    reader = Reader()
    policy = Policy(
        points=read_points(reader, given.get("points")),
        bands=read_bands(reader, given.get("bands")),
        sources=read_sources(reader, given.get("sources")),
        deductions=read_deductions(reader, given.get("deductions")),
        threshold=reader.figure("threshold", given.get("threshold", "80")),
        floor=reader.figure("floor", given.get("floor", "0")),
        minimum_n=reader.whole("minimum_n", given.get("minimum_n", 5), least=1, most=1000),
        missing=reader.choice(
            "missing", given.get("missing", "provisional"), MISSING,
            _("Choose what happens when a source has no data."),
        ),
        approval=reader.answer("approval", given.get("approval", True)),
        low_score=reader.figure("low_score", given.get("low_score", "80")),
        survey_cap_days=reader.whole(
            "survey_cap_days", given.get("survey_cap_days", 90), least=0, most=3650
        ),
    )  # fmt: skip
    reader.check()
    return policy


def read_points(reader: Reader, value: Any) -> dict[str, Decimal]:
    """What the levels 5 to 1 are worth; a better level is never worth less."""
    given = value if isinstance(value, dict) else {}
    points = {level: reader.figure(f"points.{level}", given.get(level)) for level in "54321"}
    worths = list(points.values())
    if sorted(worths, reverse=True) != worths:
        reader.add("points", _("A better level cannot be worth less than a worse one."))
    return points


def read_bands(reader: Reader, value: Any) -> tuple[Band, ...]:
    """Bands from the best to the worst: half-open, together exactly 0 to 100."""
    rows = reader.rows("bands", value, most=10)
    bands = tuple(
        Band(
            name=reader.text(f"bands.{number}.name", row.get("name")),
            name_en=reader.text(f"bands.{number}.name_en", row.get("name_en"), needed=False),
            start=reader.figure(f"bands.{number}.from", row.get("from")),
        )
        for number, row in enumerate(rows)
    )
    starts = [band.start for band in bands]
    if any(low >= high for high, low in zip(starts, starts[1:], strict=False)):
        reader.add("bands", _("Bands overlap: each must begin below the one above it."))
    if not starts or starts[-1] != 0:
        reader.add("bands", _("Bands leave a gap: the lowest must begin at 0."))
    check_ends(reader, rows)
    return bands


def check_ends(reader: Reader, rows: Iterable[dict[str, Any]]) -> None:
    """Where a document also says where bands end, the ends must meet the next band."""
    above: Any = None
    for number, row in enumerate(rows):
        if "to" in row:
            end = reader.figure(f"bands.{number}.to", row["to"])
            expected = HUNDRED if above is None else above
            if end < expected:
                reader.add("bands", _("Bands leave a gap below %(at)s.") % {"at": expected})
            elif end > expected:
                reader.add("bands", _("Bands overlap at %(at)s.") % {"at": expected})
        above = reader.figure(f"bands.{number}.from", row.get("from"))


def read_sources(reader: Reader, value: Any) -> tuple[Source, ...]:
    """The sources; their weights sum to exactly 100."""
    rows = reader.rows("sources", value, most=MOST_SOURCES)
    sources = tuple(read_source(reader, number, row) for number, row in enumerate(rows))
    if len({source.key for source in sources}) != len(sources):
        reader.add("sources", _("Each source needs a key of its own."))
    total = sum((source.weight for source in sources), Decimal(0))
    if total != HUNDRED:
        reader.add("sources", _("The weights must sum to 100; they sum to %(total)s.")
                   % {"total": total})  # fmt: skip
    return sources


def read_source(reader: Reader, number: int, row: dict[str, Any]) -> Source:
    place = f"sources.{number}"
    key = row.get("key")
    if not is_key(key):
        reader.add(f"{place}.key", _("A key has small letters, digits and _ only."))
    types = read_words(row.get("customer_types", []))
    if types is None or not set(types) <= set(CustomerType.values):
        reader.add(f"{place}.customer_types", _("There is no such customer type."))
    products = read_words(row.get("products", []))
    if products is None:
        reader.add(f"{place}.products", _("A list of product codes is needed."))
    return Source(
        key=str(key),
        name=reader.text(f"{place}.name", row.get("name")),
        name_en=reader.text(f"{place}.name_en", row.get("name_en"), needed=False),
        weight=reader.figure(f"{place}.weight", row.get("weight")),
        kind=reader.choice(
            f"{place}.kind", row.get("kind", "survey"), KINDS, _("There is no such kind.")
        ),
        customer_types=types or (),
        products=products or (),
    )


def read_words(value: Any) -> tuple[str, ...] | None:
    """A list of words; None for anything else."""
    plain = isinstance(value, list | tuple) and all(
        isinstance(word, str) and word.isprintable() and 0 < len(word) <= MOST_DIGITS
        for word in value
    )
    return tuple(value) if plain else None


def read_deductions(reader: Reader, value: Any) -> tuple[Deduction, ...]:
    """The deduction rules, each at most once."""
    rows = reader.rows("deductions", value, most=10)
    found = []
    for number, row in enumerate(rows):
        place = f"deductions.{number}"
        found.append(
            Deduction(
                rule=reader.choice(
                    f"{place}.rule", row.get("rule"), DeductionRule.values,
                    _("There is no such rule."),
                ),
                every=reader.whole(f"{place}.every", row.get("every"), least=1, most=10_000),
                points=reader.figure(f"{place}.points", row.get("points")),
            )
        )  # fmt: skip
    if len({one.rule for one in found}) != len(found):
        reader.add("deductions", _("Each rule stands once."))
    return tuple(found)
