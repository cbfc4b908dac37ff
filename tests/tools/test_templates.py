"""What the check of templates finds, on pieces of a page."""

import pytest

from tools import template_text
from tools.check_sizes import FUNCTION_LINES, allowed_lines, long_functions
from tools.project import ROOT

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize(
    "source",
    [
        "<p>{% translate 'Close' %} · {{ case.number }} 12:30</p>",
        "<p>{% blocktranslate count n=n %}one case{% plural %}{{ n }} cases{% endblocktranslate %}",
        "{# a comment #}{% comment %}draft text{% endcomment %}<p>PDF</p>",
        '<img src="{% static "a.png" %}" alt="">',
        '<label for="{{ f.id }}">{{ f.label }}</label><input id="{{ f.id }}">',
        "<label><input type='checkbox'> {{ choice }}</label>",
        '<input type="hidden" name="version"><select aria-labelledby="owner"></select>',
        '<form method="post">{% csrf_token %}<button>{{ action.title }}</button></form>',
        '<form method="get"><button aria-label="{% translate "Search" %}"></button></form>',
        '<div style="--share: {{ share }}%"></div>',
        '<script src="{% static "a.js" %}"></script>',
        '<script type="application/json">{"state": "open"}</script>',
        '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>',
        '<p {% if wide %}class="w"{% endif %} title="{% translate "Close" %}"></p>',
        "<code>make demo</code>",
        "<button lang='{{ code }}'>{% if zh %}中文{% else %}Chinois{% endif %}</button>",
        "{% block body_attributes %}data-failed{% endblock %}<p>{{ text }}</p>",
    ],
)
def test_clean(source):
    assert template_text.problems(source) == []


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("<p>Close</p>", "not translated"),
        ("<p>关闭</p>", "not translated"),
        ("{% if open %}Close{% endif %}", "not translated"),
        ('<p title="Close"></p>', "title is not translated"),
        ('<input aria-label="x" placeholder="搜索">', "placeholder is not translated"),
        ("<img src='a.png'>", "without alt"),
        ("<input id='a'>", "<input> without a label"),
        ("<label for='b'></label><textarea id='a'></textarea>", "<textarea> without a label"),
        ("<form method=POST><input type=submit></form>", "csrf_token"),
        ("<button><i class='ti'></i></button>", "no aria-label"),
        ("<script>var a = 1</script>", "content policy"),
        ("<style>a {}</style>", "content policy"),
        ("<p onclick='a()'></p>", "content policy"),
        ("<p style='color: red'></p>", "fixed style"),
        ("<script src='https://cdn.example/a.js'></script>", "another host"),
        ("<script src='//cdn.example/a.js'></script>", "another host"),
        ("<a href='javascript:a()'>{{ a }}</a>", "javascript:"),
        ("{{ text|safe }}", "unescaped"),
        ("{% autoescape off %}{{ text }}{% endautoescape %}", "unescaped"),
        ("<html><body></body></html>", "without lang"),
    ],
)
def test_found(source, wrong):
    found = template_text.problems("\n\n" + source)
    assert len(found) == 1, found
    assert wrong in found[0][1]
    assert found[0][0] == 3


def test_lines_are_kept():
    source = "{% blocktranslate %}\na\n\nb{% endblocktranslate %}\n{# c #}\n<p>Close</p>"
    assert template_text.mask(source).count("\n") == source.count("\n")
    assert template_text.problems(source)[0][0] == 6


def test_long_function_is_found():
    body = "\n".join(f"    a{number} = {number}" for number in range(FUNCTION_LINES))
    assert list(long_functions(f"def a():\n{body}\n")) == [("a", 1, FUNCTION_LINES + 1)]
    assert not list(long_functions("@b\n@c\ndef a():\n" + body.replace("\n    a59 = 59", "")))


def test_a_flow_is_shorter_than_other_source():
    flow = allowed_lines(ROOT / "cases" / "flows" / "complaint.py")
    assert flow < allowed_lines(ROOT / "workflows" / "flows" / "nodes.py")
