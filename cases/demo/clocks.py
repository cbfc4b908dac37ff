"""Clocks in the demo company: some wait for parts, for some more time is asked, some are of law."""

from datetime import timedelta
from typing import Any

from cases.demo import clock
from cases.demo.beside import last, named
from cases.demo.clock import HOUR
from cases.demo.script import Script
from cases.demo.texts import phrases
from cases.enums import ClockName
from workflows.models import Clock

LAW = "hotline_12315"
WAITED_FOR = ("customer", "parts", "parts", "outside")


def lot(s: Script, what: str) -> Any:
    """Chance of its own, so that no other story changes."""
    return clock.dice("clocks", what, s.story.key, s.turn, s.kind)


def by_law(s: Script) -> bool:
    """Whether the complaint reaches us through 12315."""
    return s.kind == "complaint" and lot(s, "law").random() < 0.05


def timed(s: Script) -> None:
    """After the acceptance the department may wait for parts, or ask for more time to reply."""
    with s.aside():
        s.cursor += HOUR // 2
        pause(s, lot(s, "pause"))
        extend(s, lot(s, "extend"))


def pause(s: Script, chance: Any) -> None:
    """A pause with its reason; the statement ends it."""
    if chance.random() >= 0.12:
        return
    why, text = chance.choice(WAITED_FOR), chance.choice(phrases()["clock_pause"])
    by = s.company.workers[s.department][0]
    s.act("pause_clocks", by, lambda: {"why": why, "text": text})


def extend(s: Script, chance: Any) -> None:
    """A later date for the reply, granted by quality now and then refused."""
    if chance.random() >= 0.05:
        return
    by, days = s.company.workers[s.department][0], chance.randint(4, 12)
    grounds = chance.choice(phrases()["extension"])

    def asked() -> dict[str, Any]:
        case = s.the_case()
        reply = Clock.objects.get(root_id=case.pk, name=ClockName.REPLY, stopped=None)
        return {"clock": reply, "due": reply.due + timedelta(days=days), "grounds": grounds}

    s.act("extend_clock", by, asked)
    s.cursor += HOUR // 4
    engineer = s.company.people["wangfang"]
    if chance.random() < 0.8:
        s.beside(last(s, "clock_extensions"), "grant", named(engineer), dict)
    else:
        reason = chance.choice(phrases()["refuse_extension"])
        s.beside(last(s, "clock_extensions"), "refuse", named(engineer), dict, reason)
