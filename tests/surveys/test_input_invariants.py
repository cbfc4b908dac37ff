"""What the invariants of other inputs find when a row was changed behind the commands."""

import pytest
from django.db import connection

from surveys.domain.inputs import events, figures
from tests.surveys import inputs
from workflows.domain import invariants

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(company):
    """A figure in three revisions, another withdrawn, a report corrected twice."""
    figure = inputs.quality(company)
    for count in (4, 5):
        figure = figures.correct(
            by=company.engineer, figure=figure, why="更正", delivered=1000, inspected=None,
            defective=count, unit="",
        )  # fmt: skip
    figures.withdraw(by=company.engineer, figure=inputs.sales(company), reason="填错")
    item = inputs.press(company)
    for title in ("甲", "乙"):
        item = events.correct_press(
            by=company.engineer, item=item, seen=item.version, why="更正", products=[], cases=[],
            kind="media", verdict="neutral", publisher="日报", title=title, url="", summary="",
            published_on=item.published_on,
        )  # fmt: skip
    return company


def broken():
    return [row for number, _sentence, row in invariants.violations() if number == 7]


def test_nothing_is_broken_after_real_work(kept):
    assert broken() == []


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("DELETE FROM surveys_deliveredquality WHERE revision = 2", "quality: "),
        ("UPDATE surveys_deliveredquality SET revision = 9 WHERE revision = 3", "quality: "),
        ("DELETE FROM surveys_inputchange WHERE version = 2", "press: "),
        ("UPDATE surveys_pressitem SET version = 9", "press: "),
    ],
)
def test_a_row_changed_behind_the_commands_is_named(kept, sql, told):
    with connection.cursor() as cursor:
        cursor.execute(sql)
    (row,) = broken()
    assert row.startswith(told)
