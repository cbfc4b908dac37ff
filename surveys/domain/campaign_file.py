"""A campaign with its frame as a TOML file (docs/files.md): written, and read into a draft.

    [campaign]             title, source, period, questionnaire (its code), starts_at, ends_at,
                           mode, agency, department (its code), margin, declared_sent
    [campaign.population]  customer_types, cities, products, classes (codes)
    [campaign.drawn]       size, of, seed: how the frame was drawn
    [[units]]              department (its code), regions, target
    [[invitees]]           external_id, name, customer (external reference), customer_type,
                           product, region, city, phone, email, unit (codes), left_out_reason

What was sent and answered stays where it was: a file carries a set-up, not a result.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department, User
from cases.domain.customers import sees_phones
from cases.validators import Problems
from surveys.domain import campaign_frame, campaigns, frames, toml
from surveys.domain.campaigns import UnitDraft
from surveys.domain.periods import midnight
from surveys.domain.questionnaire_files import with_lines
from surveys.enums import QuestionnaireState
from surveys.models import Campaign, Questionnaire
from workflows.domain.transitions import business_transaction

MOST_BYTES = 60_000_000
TABLES = ("campaign", "units", "invitees")
TEXTS = ("title", "source", "period", "mode", "agency")
HEAD = {
    *TEXTS, "questionnaire", "starts_at", "ends_at", "department", "margin", "declared_sent",
    "population", "drawn",
}  # fmt: skip
_AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


# ---------------------------------------------------------------------------- writing
def dumps(campaign: Campaign, *, by: User) -> str:
    """The file of a campaign. Phones stand in it for those who see them."""
    units = campaign.units.select_related("department").order_by("pk")
    document = {
        "campaign": head(campaign),
        "units": [
            {"department": unit.department.code, "regions": unit.regions, "target": unit.target}
            for unit in units
        ],
        "invitees": list(campaign_frame.rows(campaign, with_phones=sees_phones(by))),
    }
    return f"# {campaign.number}\n{toml.dumps({k: v for k, v in document.items() if v})}"


def head(campaign: Campaign) -> dict[str, Any]:
    population = dict(campaign.population)
    values: dict[str, Any] = {name: getattr(campaign, name) for name in TEXTS}
    values |= {
        "questionnaire": campaign.questionnaire.code if campaign.questionnaire else None,
        "department": campaign.department.code,
        "starts_at": timezone.localtime(campaign.starts_at),
        "ends_at": timezone.localtime(campaign.ends_at),
        "margin": campaign.margin,
        "declared_sent": campaign.declared_sent or None,
        "drawn": population.pop("drawn", None),
        "population": population or None,
    }
    return {name: value for name, value in values.items() if value not in ("", None)}


# ---------------------------------------------------------------------------- reading
def load(content: bytes, *, by: User) -> Campaign:
    """Draw up the campaign of a file as a draft with its frame: all of it or nothing.

    Raises Forbidden, and ValidationError by place, each sentence with its line.
    """
    text, given = parsed(content)
    problems = Problems()
    for place in unknown(given):
        problems.add(place, _("There is nothing of this name."))
    described = table(problems, given, "campaign")
    fields = read_head(problems, described)
    fields["units"] = read_units(problems, rows_of(problems, given, "units"))
    found = campaign_frame.read(problems, rows_of(problems, given, "invitees"))
    try:
        problems.check()
        return draw_up(by, fields, drawn_of(described), found)
    except ValidationError as error:
        placed = {place_of(name): list(told) for name, told in error.message_dict.items()}
        raise ValidationError(with_lines(text, placed)) from error


def draw_up(by: User, fields: dict[str, Any], drawn: dict[str, int], found: list[Any]) -> Campaign:
    with business_transaction():
        campaign = campaigns.draw_up(by=by, drawn=drawn if found else None, **fields)
        campaign_frame.keep(campaign, found, by=by)
        return campaign


def parsed(content: bytes) -> tuple[str, dict[str, Any]]:
    """The text and what TOML makes of it."""
    if len(content) > MOST_BYTES:
        raise refused(_("The file is too large for a campaign."))
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        return text, tomllib.loads(text)
    except UnicodeDecodeError:
        raise refused(_("The file is not a text in UTF-8.")) from None
    except tomllib.TOMLDecodeError as error:
        place = _AT_LINE.search(str(error))
        if place is None:
            raise refused(_("This is not TOML: something is missing at the end.")) from error
        sentence = _("This is not TOML: line %(line)s, column %(column)s.")
        raise refused(sentence % {"line": place[1], "column": place[2]}) from error
    except (RecursionError, ValueError) as error:
        raise refused(_("This is not a campaign.")) from error


def refused(sentence: str) -> ValidationError:
    return ValidationError({"file": [sentence]})


def unknown(given: dict[str, Any]) -> Iterator[str]:
    """Names that no campaign has: most likely a typing mistake that nobody would see."""
    yield from (name for name in given if name not in TABLES)
    described = given.get("campaign")
    if isinstance(described, dict):
        yield from (f"campaign.{name}" for name in described if name not in HEAD)
        population = described.get("population")
        if isinstance(population, dict):
            strange = (name for name in population if name not in frames.LIST_NAMES)
            yield from (f"campaign.population.{name}" for name in strange)


def table(problems: Problems, given: dict[str, Any], name: str) -> dict[str, Any]:
    found = given.get(name)
    if not isinstance(found, dict):
        problems.add(name, _("This table is needed."))
        return {}
    return found


def rows_of(problems: Problems, given: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = given.get(name, [])
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        problems.add(name, _("A list of entries is needed."))
        return []
    return found


def read_head(problems: Problems, given: dict[str, Any]) -> dict[str, Any]:
    """The input of `campaigns.draw_up`; what it checks is not checked here a second time."""
    fields: dict[str, Any] = {name: text_of(problems, given, name) for name in TEXTS}
    fields["mode"] = fields["mode"] or "own"
    for name in ("starts_at", "ends_at"):
        fields[name] = moment_of(problems, given, name)
    fields["department"] = department(problems, "department", given.get("department"))
    fields["questionnaire"] = questionnaire(problems, given.get("questionnaire"))
    fields["margin"] = figure_of(problems, given)
    fields["declared_sent"] = whole(problems, "declared_sent", given.get("declared_sent", 0))
    fields["population"] = given.get("population") or {}
    if not isinstance(fields["population"], dict):
        problems.add("population", _("This table is needed."))
    return fields


def text_of(problems: Problems, given: dict[str, Any], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        problems.add(name, _("A text is needed."))
        return ""
    return value


def moment_of(problems: Problems, given: dict[str, Any], name: str) -> datetime | None:
    """A moment with its offset, or one of the company's clock, or the beginning of a day."""
    value = given.get(name)
    if isinstance(value, datetime):
        zone = timezone.get_default_timezone()
        return value if timezone.is_aware(value) else timezone.make_aware(value, zone)
    if isinstance(value, date):
        return midnight(value)
    problems.add(name, _("A date is needed, like 2026-04-01."))
    return None


def figure_of(problems: Problems, given: dict[str, Any]) -> Decimal | None:
    if (value := given.get("margin")) in (None, ""):
        return None
    try:
        number = Decimal(value) if isinstance(value, str | int) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or number != round(number, 1):
        problems.add("margin", _("A number with at most one decimal place is needed."))
        return None
    return number


def whole(problems: Problems, name: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    problems.add(name, _("A whole number is needed."))
    return 0


def department(problems: Problems, place: str, code: Any) -> Department | None:
    text = problems.text(place, code if isinstance(code, str) else "", most=30, lines=False)
    found = Department.objects.filter(code=text, is_active=True).first() if text else None
    if found is None:
        problems.add(place, _("There is no department “%(code)s”.") % {"code": text})
    return found


def questionnaire(problems: Problems, code: Any) -> Questionnaire | None:
    """The approved revision of this code, or else the latest that may still be approved."""
    if code in (None, ""):
        return None
    code = problems.text("questionnaire", str(code), most=40, lines=False)
    offered = Questionnaire.objects.filter(code=code).exclude(state__in=campaigns.GONE)
    found = (
        offered.filter(state=QuestionnaireState.APPROVED).first()
        or offered.order_by("-revision").first()
    )
    if found is None:
        sentence = _("There is no questionnaire “%(code)s” here; import it first.")
        problems.add("questionnaire", sentence % {"code": code})
    return found


def read_units(problems: Problems, rows: list[dict[str, Any]]) -> list[UnitDraft]:
    found = []
    for number, row in enumerate(rows):
        place = f"units.{number}"
        unit = department(problems, f"{place}.department", row.get("department"))
        regions = row.get("regions", [])
        if not isinstance(regions, list) or not all(isinstance(one, str) for one in regions):
            problems.add(f"{place}.regions", _("A list of names is needed."))
            regions = []
        target = whole(problems, f"{place}.target", row.get("target", 0))
        if unit is not None:
            found.append(UnitDraft(unit, tuple(regions), target))
    return found


def drawn_of(given: dict[str, Any]) -> dict[str, int]:
    """How the frame was drawn, when the file says it wholly."""
    value = given.get("drawn")
    names = ("size", "of", "seed")
    if not isinstance(value, dict) or not all(isinstance(value.get(one), int) for one in names):
        return {}
    return {name: int(value[name]) for name in names}


def place_of(name: str) -> str:
    """Where in the file a field of the command stands."""
    if name in frames.LIST_NAMES:
        return f"campaign.population.{name}"
    return f"campaign.{name}" if name in HEAD else name
