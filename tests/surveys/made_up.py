"""Synthetic campaigns: honest people with moods of their own, and 5 % made-up forms among them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from surveys.domain.detectors import Row

STARTS = datetime(2026, 4, 6, 9, 0, 7, tzinfo=UTC)
TEXTS = ["无", "满意", "希望加快发货速度", "包装可以再结实一些", "服务很好，继续保持", "价格偏高"]


class Maker:
    """`interviewers` 0: people answer for themselves."""

    def __init__(self, seed, *, width=12, interviewers=40, mood=3.9):
        self.luck, self.width, self.mood = random.Random(seed), width, mood
        self.names = [f"访员 {n}" for n in range(interviewers)]
        self.hard = [self.luck.gauss(0, 0.35) for _turn in range(width)]
        self.clock = dict.fromkeys(self.names, STARTS)
        self.next_id = 0

    def levels(self):
        mood = self.luck.gauss(self.mood, 0.7)
        drawn = (round(self.luck.gauss(mood + hard, 0.75)) for hard in self.hard)
        return "".join(str(min(5, max(1, level))) for level in drawn)

    def moment(self, name, seconds):
        """In working hours: one interview after the other, with a way between them."""
        if not name:
            return STARTS + timedelta(
                days=self.luck.randrange(60), seconds=self.luck.randrange(11 * 3600)
            )
        pause = timedelta(seconds=seconds + self.luck.randrange(120, 2400))
        moment = self.clock.get(name, STARTS) + pause
        if moment.hour >= 18:
            moment = (moment + timedelta(days=1)).replace(hour=9)
        self.clock[name] = moment
        return moment

    def honest(self, name=None, **changes):
        self.next_id += 1
        if name is None:
            name = self.luck.choice(self.names) if self.names else ""
        seconds = round(self.luck.lognormvariate(0, 0.45) * 9 * self.width)
        given = {
            "id": self.next_id,
            "levels": self.levels(),
            "received": self.moment(name, seconds),
            "texts": (self.text(),) if self.luck.random() < 0.3 else (),
            "interviewer": name,
            "seconds": seconds,
        }
        return Row(**{**given, **changes})

    def text(self):
        if self.luck.random() < 0.5:
            return self.luck.choice(TEXTS)
        return "".join(self.luck.choices("质量交付价格服务包装好坏快慢请改进谢谢", k=14))

    def people(self, count):
        return [self.honest() for _turn in range(count)]


def caught(found, honest, made_up):
    """Recall and share of false positives."""
    flagged = {number for one in found for number in one.responses}
    wrong = sum(row.id in flagged for row in honest)
    right = sum(row.id in flagged for row in made_up)
    return right / len(made_up), wrong / len(honest)
