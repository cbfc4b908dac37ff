"""Words and drawings of the pages: moments, time left, bars, form controls, components."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone, translation

from workflows.domain import context
from workflows.templatetags import ui

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)


def at(*parts):
    return datetime(*parts, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _moment_and_zone():
    with context.at(NOW), timezone.override(SHANGHAI):
        yield


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def chinese():
    with translation.override("zh-hans"):
        yield


def render(source, **values):
    return Template("{% load ui i18n %}" + source).render(Context(values))


# ---------------------------------------------------------------------------- moments
MOMENTS = [
    (at(2026, 11, 23, 16, 30), "Today 16:30", "今天 16:30"),
    (at(2026, 11, 23, 0, 0), "Today 00:00", "今天 00:00"),
    (at(2026, 11, 24, 9, 0), "Tomorrow 09:00", "明天 09:00"),
    (at(2026, 11, 22, 23, 59), "Yesterday 23:59", "昨天 23:59"),
    (at(2026, 11, 28, 9, 0), "28 Nov", "11 月 28 日"),
    (at(2026, 1, 2, 9, 0), "2 Jan", "1 月 2 日"),
    (at(2025, 3, 2, 9, 0), "2 Mar 2025", "2025 年 3 月 2 日"),
    (date(2026, 11, 23), "Today", "今天"),
    (date(2026, 12, 24), "24 Dec", "12 月 24 日"),
]


@pytest.mark.parametrize(("value", "expected", "_chinese"), MOMENTS)
def test_moment_in_english(english, value, expected, _chinese):
    assert ui.moment_words(value) == expected


@pytest.mark.parametrize(("value", "_english", "expected"), MOMENTS)
def test_moment_in_chinese(chinese, value, _english, expected):
    assert ui.moment_words(value) == expected


def test_day_is_that_of_the_reader(english):
    """23:30 UTC is the next morning in Shanghai."""
    moment = datetime(2026, 11, 23, 23, 30, tzinfo=ZoneInfo("UTC"))
    assert ui.moment_words(moment) == "Tomorrow 07:30"


def test_new_year_is_not_far_away(english):
    with context.at(at(2026, 12, 31, 20, 0)):
        assert ui.moment_words(at(2027, 1, 1, 9, 0)) == "Tomorrow 09:00"
        assert ui.moment_words(at(2027, 1, 2, 9, 0)) == "2 Jan 2027"


def test_moment_carries_the_absolute_one(english):
    html = ui.moment(at(2026, 11, 28, 9, 5))
    assert 'datetime="2026-11-28T09:05:00+08:00"' in html
    assert 'title="2026-11-28 09:05"' in html
    assert "<span>28 Nov</span>" in html
    assert ui.moment(None) == ""
    assert ui.absolute(date(2026, 11, 28)) == "2026-11-28"


# ---------------------------------------------------------------------------- spans
SPANS = [
    (timedelta(0), "0 minutes", "0 分钟"),
    (timedelta(minutes=1), "1 minute", "1 分钟"),
    (timedelta(minutes=59, seconds=59), "59 minutes", "59 分钟"),
    (timedelta(hours=1), "1 hour", "1 小时"),
    (timedelta(hours=47, minutes=59), "47 hours", "47 小时"),
    (timedelta(hours=48), "2 days", "2 天"),
    (timedelta(days=12, hours=23), "12 days", "12 天"),
]


@pytest.mark.parametrize(("span", "expected", "_chinese"), SPANS)
def test_span_in_english(english, span, expected, _chinese):
    assert ui.duration(span) == expected
    assert ui.duration(span.total_seconds()) == expected


@pytest.mark.parametrize(("span", "_english", "expected"), SPANS)
def test_span_in_chinese(chinese, span, _english, expected):
    assert ui.duration(span) == expected


# ---------------------------------------------------------------------------- time left
@pytest.mark.parametrize(
    ("hours", "started", "text", "tone"),
    [
        (3, None, "3 hours left", "amber"),
        (4, None, "4 hours left", "grey"),
        (30, None, "30 hours left", "grey"),
        (30, -170, "30 hours left", "amber"),  # less than a fifth of 200 hours
        (40, -160, "40 hours left", "grey"),  # exactly a fifth
        (-1, None, "1 hour overdue", "red"),
        (-49, -100, "2 days overdue", "red"),
    ],
)
def test_remaining(english, hours, started, text, tone):
    begun = NOW + timedelta(hours=started) if started else None
    left = ui.remaining(NOW + timedelta(hours=hours), started=begun)
    assert (left.text, left.tone, left.late) == (text, tone, hours < 0)


def test_remaining_in_chinese(chinese):
    assert ui.remaining(NOW + timedelta(hours=3)).text == "剩 3 小时"
    assert ui.remaining(NOW - timedelta(days=2)).text == "超时 2 天"


def test_remaining_takes_what_a_template_does_not_have():
    assert ui.remaining(None) is None
    assert ui.remaining("", "", "") is None
    assert ui.remaining(NOW + timedelta(hours=9), "", "").tone == "grey"


def test_finished(english):
    assert ui.finished(NOW, NOW).text == "In time"
    assert ui.finished(NOW).text == "Done"
    late = ui.finished(NOW, NOW - timedelta(days=3))
    assert (late.text, late.late) == ("Done 3 days late", True)


def test_bar_fills_its_length():
    hour = timedelta(hours=1)
    parts = ui.bar_parts(elapsed=3 * hour, paused=hour, left=4 * hour, over=timedelta(0))
    assert [(part.kind, part.x, part.width) for part in parts] == [
        ("elapsed", 0, 37.5),
        ("paused", 37.5, 12.5),
        ("left", 50, 50),
    ]
    assert ui.bar_parts() == [] == ui.bar_parts("", "", "", "")


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KB"), (840_000, "820 KB")]
    + [(1_480_000, "1.4 MB"), (10 * 1024**2, "10 MB"), (3 * 1024**3, "3.0 GB"), (None, "0 B")],
)
def test_file_size(english, size, words):
    assert ui.file_size(size) == words


# ---------------------------------------------------------------------------- icons
def test_icon_is_decoration_or_speaks():
    assert 'aria-hidden="true"' in render('{% icon "inbox" %}')
    spoken = render("{% icon 'lock' label %}", label='<b>"secret"')
    assert 'aria-label="&lt;b&gt;&quot;secret&quot;"' in spoken
    assert "icons.svg#lock" in spoken


def test_unique_ids_differ():
    assert len({ui.unique("why") for _number in range(100)}) == 100


def test_script_texts_are_harmless_json(english):
    html = ui.script_texts()
    assert html.startswith('<script id="script-texts" type="application/json">')
    assert "<b>" not in html


# ---------------------------------------------------------------------------- form controls
class Sample(forms.Form):
    title = forms.CharField(label="Title", help_text="One sentence.")
    text = forms.CharField(widget=forms.Textarea, required=False)
    day = forms.DateField()
    moment = forms.DateTimeField(initial=NOW)
    kind = forms.ChoiceField(choices=[("a", "First"), ("b", "Second")])
    way = forms.ChoiceField(choices=[("a", "First"), ("b", "Second")], widget=forms.RadioSelect)
    sure = forms.BooleanField(required=False)
    file = forms.FileField(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=3)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("title", "plain"), ("kind", "plain"), ("way", "choices"), ("sure", "checkbox")]
    + [("file", "file"), ("version", "hidden")],
)
def test_field_kind(name, kind):
    assert ui.field_kind(Sample()[name]) == kind


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("title", 'class="form-control"'),
        ("text", 'rows="4"'),
        ("day", 'type="date"'),
        ("moment", 'type="datetime-local"'),
        ("moment", 'value="2026-11-23T10:00"'),
        ("kind", 'class="form-select"'),
        ("sure", 'class="form-check-input"'),
        ("file", f'data-max-mb="{settings.ATTACHMENT_MAX_MB}"'),
    ],
)
def test_control(name, expected):
    assert expected in ui.render_field(Sample()[name])


def test_control_takes_attributes():
    html = ui.render_field(Sample()["title"], hx_get="/x/", rows=None)
    assert 'hx-get="/x/"' in html


def test_typed_value_survives_the_browser_picker():
    form = Sample({"day": "2026-02-30"})
    assert 'value="2026-02-30"' in ui.render_field(form["day"])


@pytest.mark.parametrize("name", [name for name in Sample().fields if name != "version"])
def test_field_says_its_error_where_it_stands(english, name):
    form = Sample({"version": "3"})
    form.add_error(name, "Not <so>")
    html = render_to_string("_components/field.html", {"field": form[name]})
    assert "Not &lt;so&gt;" in html
    assert f'id="id_{name}_error"' in html
    assert f"id_{name}_error" in html.split("aria-describedby=", 1)[1].split(">", 1)[0]


def test_errors_are_summed_up_and_lead_to_their_field(english):
    form = Sample({})
    form.add_error(None, "Together they are wrong")
    html = render_to_string("_components/form.html", {"form": form, "submit": "Send"})
    assert html.index("Together they are wrong") < html.index("This field is required")
    assert '<a href="#id_title">Title: This field is required.</a>' in html
    assert 'enctype="multipart/form-data"' in html


# ---------------------------------------------------------------------------- components
def test_refused_button_says_why(english):
    refusal = SimpleNamespace(text="Still open:", items=("CA-2026-0012", "CA-2026-0015"))
    html = render_to_string(
        "_components/button_or_reason.html", {"label": "Close", "refusal": refusal}
    )
    assert 'aria-disabled="true"' in html
    assert "Still open:" in html
    assert "CA-2026-0015" in html
    assert 'type="submit"' not in html
    described = html.split('aria-describedby="')[1].split('"')[0]
    assert f'id="{described}"' in html


def test_allowed_button_submits(english):
    html = render_to_string(
        "_components/button_or_reason.html",
        {"label": "Accept", "refusal": None, "name": "outcome", "value": "accept"},
    )
    assert 'name="outcome" value="accept"' in html
    assert "aria-disabled" not in html


def test_timeline_folds_changes_and_escapes(english):
    entry = {
        "kind": "edit",
        "at": NOW,
        "actor": "Wang",
        "title": "Edited",
        "changes": [("Batch", "", "<b>")],
        "files": [{"name": "a.pdf", "url": "/f/1", "size": 2048, "is_image": False}],
    }
    html = render_to_string("_components/timeline.html", {"entries": [entry]})
    assert "1 field changed" in html
    assert "&lt;b&gt;" in html
    assert "2.0 KB" in html
    assert "Today 10:00" in html
    empty = render_to_string("_components/timeline.html", {"entries": []})
    assert "Nothing has happened yet." in empty


def test_due_chip_with_every_combination(english):
    def chip(**values):
        return render_to_string("_components/due_chip.html", values)

    assert "5 hours left" in chip(due=NOW + timedelta(hours=5))
    assert "Paused" in chip(due=NOW + timedelta(hours=5), paused=True)
    assert "In time" in chip(due=NOW, finished_at=NOW - timedelta(hours=1))
    assert "Done" in chip(finished_at=NOW)
    assert chip(due=None).strip() == ""
    assert "provisional" not in chip(due=NOW + timedelta(hours=5))
    assert chip(due=NOW + timedelta(hours=5), provisional=True).count("provisional") == 2
    assert "provisional" not in chip(due=NOW, finished_at=NOW, provisional=True)


@pytest.mark.parametrize("code", ["400", "403", "404", "409", "413", "500", "503", "csrf"])
def test_error_page_stands_alone(english, code):
    """Without request, person or database, as Django renders its own."""
    html = render_to_string(f"errors/{code}.html")
    assert "data-error-message" in html
    assert "<title>" in html
