"""Each check finds nine of ten made-up forms and suspects one honest form in twenty at most."""

from __future__ import annotations

from datetime import timedelta

import pytest

from surveys.domain.checks import CHECKS
from tests.surveys.made_up import STARTS, Maker, caught

HONEST, MADE_UP = 950, 50
SEEDS = range(4)


def fast(maker):
    """Clicked through."""
    return [maker.honest(seconds=maker.luck.randint(6, 24)) for _turn in range(MADE_UP)]


def straight(maker):
    """One level from end to end, in a usual time."""
    levels = maker.luck.choices("543", k=MADE_UP)
    return [maker.honest(levels=level * maker.width) for level in levels]


def copies(maker):
    """Two interviewers with three forms to copy from, now and then with one answer changed."""
    forms = []
    for name in ("造 1", "造 2"):
        models = [maker.levels() for _turn in range(3)]
        for _turn in range(MADE_UP // 2):
            levels = list(maker.luck.choice(models))
            if maker.luck.random() < 0.5:
                levels[maker.luck.randrange(maker.width)] = maker.luck.choice("345")
            forms.append(maker.honest(name, levels="".join(levels), texts=()))
    return forms


def clones(maker):
    """A form with its words, sent in again and again by nobody in particular."""
    models = [(maker.levels(), maker.text() + maker.text()) for _turn in range(5)]
    return [
        maker.honest("", levels=levels, texts=(text,))
        for levels, text in (maker.luck.choice(models) for _turn in range(MADE_UP))
    ]


def heaps(maker):
    """Typed in together in the evening of the last day."""
    forms = []
    for turn in range(MADE_UP):
        late = STARTS + timedelta(days=20 + turn // 25, seconds=turn * 35)
        forms.append(maker.honest(f"造 {turn // 25}", received=late))
    return forms


def devices(maker):
    """Five telephones, ten forms each."""
    return [maker.honest("", device=f"d{turn % 5}") for turn in range(MADE_UP)]


def invented(maker):
    """Two interviewers at their kitchen tables: late, one after the other, in round figures."""
    forms = []
    for name in ("造 1", "造 2"):
        moment = STARTS + timedelta(days=3, hours=14, seconds=11)
        for _turn in range(MADE_UP // 2):
            moment += timedelta(seconds=maker.luck.randint(50, 200))
            levels = "".join(maker.luck.choices("54", k=maker.width))
            seconds = maker.luck.choice((90, 100, 110, 120, 150, 180))
            forms.append(maker.honest(name, received=moment, levels=levels, seconds=seconds))
    return forms


def at_night(maker):
    """Visited between 23 and 3 o'clock."""
    moments = (timedelta(hours=14 + maker.luck.random() * 4) for _turn in range(MADE_UP))
    return [maker.honest(received=STARTS + moment) for moment in moments]


PLANTED = [
    ("too_fast", fast, 40),
    ("too_fast", fast, 0),
    ("straight_lined", straight, 40),
    ("straight_lined", straight, 0),
    ("copied", copies, 40),
    ("copied", clones, 0),
    ("bursts", heaps, 40),
    ("one_device", devices, 0),
    ("interviewer", invented, 40),
    ("odd_hours", at_night, 40),
]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("check", "plant", "interviewers"), PLANTED)
def test_recall_is_nine_in_ten_at_one_false_in_twenty(check, plant, interviewers, seed):
    maker = Maker(seed, interviewers=interviewers)
    honest, made_up = maker.people(HONEST), plant(maker)
    rows = honest + made_up
    maker.luck.shuffle(rows)
    recall, wrong = caught(CHECKS[check].run(rows), honest, made_up)
    assert recall >= 0.9
    assert wrong <= 0.05


@pytest.mark.parametrize("width", [6, 12, 24])
@pytest.mark.parametrize("mood", [3.4, 4.4])
@pytest.mark.parametrize("interviewers", [0, 40])
def test_honest_campaigns_raise_hardly_any_suspicion(width, mood, interviewers):
    maker = Maker(7, width=width, mood=mood, interviewers=interviewers)
    honest = maker.people(600)
    for name, check in CHECKS.items():
        _recall, wrong = caught(check.run(honest), honest, honest)
        assert wrong <= 0.05, name


def test_few_questions_prove_neither_straight_lines_nor_copies():
    maker = Maker(1, width=4)
    rows = [maker.honest("", levels="5555") for _turn in range(300)]
    rows += [maker.honest("", levels="5545") for _turn in range(300)]
    assert not CHECKS["straight_lined"].run(rows)
    assert not CHECKS["copied"].run(rows)


def test_fast_readers_of_a_short_form_are_not_too_fast():
    maker = Maker(1, width=3, interviewers=0)
    rows = [maker.honest(seconds=40) for _turn in range(50)]
    assert not CHECKS["too_fast"].run([*rows, maker.honest(seconds=10)])
    quick = maker.honest(seconds=8)
    [found] = CHECKS["too_fast"].run([*rows, quick])
    assert found.responses == (quick.id,)
    assert found.notes == {quick.id: "8 s"}


def test_forms_with_a_day_and_no_clock_are_neither_bursts_nor_of_the_night():
    maker = Maker(1)
    day = STARTS.replace(hour=0, minute=0, second=0)
    rows = [maker.honest(received=day) for _turn in range(100)]
    assert not CHECKS["bursts"].run(rows)
    assert not CHECKS["odd_hours"].run(rows)
    assert not CHECKS["interviewer"].run(rows)


def test_who_answers_alone_may_do_so_at_night_and_right_after_the_mailing():
    maker = Maker(1, interviewers=0)
    night = [maker.honest(received=STARTS + timedelta(hours=15, seconds=n)) for n in range(5)]
    assert not CHECKS["odd_hours"].run(night)
    busy = [
        maker.honest(received=STARTS + timedelta(seconds=maker.luck.randrange(7200)))
        for _turn in range(300)
    ]
    assert not CHECKS["bursts"].run([*busy, *maker.people(200)])


def test_forms_that_looked_like_a_machine_are_told_by_their_sign():
    maker = Maker(1, interviewers=0)
    rows = [maker.honest(signs="trap crowd"), maker.honest(signs="crowd"), maker.honest()]
    found = CHECKS["machines"].run(rows)
    assert [(one.about, one.responses) for one in found] == [("crowd", (1, 2)), ("trap", (1,))]


def test_every_check_takes_an_empty_campaign_and_forms_without_answers():
    maker = Maker(1, width=12)
    blank = [maker.honest("", levels=" " * 12, seconds=None) for _turn in range(3)]
    for check in CHECKS.values():
        assert check.run([]) == []
        assert check.run(blank) == []


def test_the_order_of_the_forms_never_matters():
    maker = Maker(3)
    rows = maker.people(300) + copies(maker) + invented(maker) + straight(maker)
    turned = rows[:]
    maker.luck.shuffle(turned)
    for check in CHECKS.values():
        once = {(one.about, one.responses) for one in check.run(rows)}
        assert once == {(one.about, one.responses) for one in check.run(turned)}
