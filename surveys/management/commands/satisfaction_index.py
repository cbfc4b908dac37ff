"""manage.py satisfaction_index: the index of a period, for people and for programs."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from surveys.domain import index, ledger, periods
from surveys.domain.index import Result
from surveys.enums import DeductionRule
from workflows.domain.context import now
from workflows.errors import EngineError


class Command(BaseCommand):
    help = "The satisfaction index of a half-year or year. Figures are exact decimals as text."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--period", required=True, help="2026-H1, 2026-H2 or 2026")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, **given: Any) -> None:
        try:
            period = periods.read(given["period"])
            # Cases of this minute too: their effects may still wait in the outbox.
            ledger.reconcile(period, at=now())
            result = index.current(period).result
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except EngineError as error:
            raise CommandError(str(error)) from error
        if given["format"] == "json":
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(text(result)))


def text(result: Result) -> list[str]:
    """The sum as one would write it down, line under line."""
    lines = [
        _("Satisfaction index %(period)s, policy version %(version)s")
        % {"period": result["period"], "version": result["policy_version"]}
    ]
    lines += [source_line(source) for source in result["sources"]]
    lines.append(_("Gross: %(figure)s") % {"figure": result["gross"]})
    lines += [
        _("Deduction, %(rule)s (cases: %(count)s): −%(points)s")
        % {"rule": DeductionRule(one["rule"]).label, "count": one["count"], "points": one["points"]}
        for one in result["deductions"]
    ]
    if result["net_before_floor"] != result["net"]:
        lines.append(_("Before the floor: %(figure)s") % {"figure": result["net_before_floor"]})
    lines.append(
        _("Index: %(figure)s, %(band)s")
        % {"figure": result["net"], "band": result["band"] or _("no band")}
    )
    return lines + remarks(result)


def source_line(source: Result) -> str:
    return _(
        "%(key)s: weight %(weight)s, score %(score)s, raw %(raw)s, n %(n)s, sent %(sent)s,"
        " received %(received)s, rate %(rate)s %%%(remark)s"
    ) % {
        **{name: source[name] for name in ("key", "weight", "n", "sent", "received")},
        "score": source["score"] or "–",
        "raw": source["raw_score"] or "–",
        "rate": source["rate"] or "–",
        "remark": "" if source["representative"] else _(", not representative"),
    }


def remarks(result: Result) -> list[str]:
    names = ", ".join(result["missing"])
    found = []
    if result["missing"]:
        found.append(_("Without data: %(names)s") % {"names": names})
    if result["provisional"]:
        found.append(_("The index is provisional."))
    if result["renormalised"]:
        found.append(_("The weights of the other sources were raised to 100 in sum."))
    return found
