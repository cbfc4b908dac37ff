"""The catalogue is read, compiled and checked without the gettext programs."""

import gettext
import io
import shutil
import subprocess

import pytest

from tools import check_translations, po

pytestmark = pytest.mark.sqlite_only

CATALOGUE = r"""
# A comment.
msgid ""
msgstr ""
"Language: zh_Hans\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"

#: cases/web/pages.py
msgid "Close %(number)s"
msgstr "关闭 %(number)s"

msgctxt "of a case"
msgid "open"
msgstr "未关闭"

msgid "one case"
msgid_plural "%(count)s cases"
msgstr[0] "%(count)s 件"

msgid ""
"Two \"lines\"\n"
"of text"
msgstr ""
"两行\n"
"“文字”"

#, fuzzy
msgid "Reopen"
msgstr "关闭"

msgid "Withdraw"
msgstr ""

#~ msgid "gone"
#~ msgstr "没有了"
"""


def compiled() -> gettext.GNUTranslations:
    return gettext.GNUTranslations(io.BytesIO(po.compile_entries(po.parse(CATALOGUE))))


def test_compiled_catalogue_translates():
    chinese = compiled()
    assert chinese.gettext("Close %(number)s") == "关闭 %(number)s"
    assert chinese.pgettext("of a case", "open") == "未关闭"
    assert chinese.ngettext("one case", "%(count)s cases", 2) == "%(count)s 件"
    assert chinese.gettext('Two "lines"\nof text') == "两行\n“文字”"


@pytest.mark.parametrize("text", ["Reopen", "Withdraw", "gone"])
def test_fuzzy_empty_and_obsolete_entries_stay_in_english(text):
    assert compiled().gettext(text) == text


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="compares with gettext's own compiler")
def test_says_the_same_as_msgfmt(tmp_path):
    source, target = tmp_path / "django.po", tmp_path / "django.mo"
    source.write_text(CATALOGUE, encoding="utf-8")
    subprocess.run(["msgfmt", "-o", target, source], check=True)
    with target.open("rb") as file:
        assert vars(gettext.GNUTranslations(file))["_catalog"] == vars(compiled())["_catalog"]


@pytest.mark.parametrize(
    "text", ['msgid "a"\nmsgstr "b"\nmsgid "a"\nmsgstr "c"\n', "msgid a\n", '"a"\n', 'msg "a"\n']
)
def test_refuses_what_it_cannot_read(text):
    with pytest.raises(po.BadCatalogue, match="line"):
        po.parse(text)


@pytest.mark.parametrize(
    ("msgid", "msgstr", "wrong"),
    [
        ("Close", "关闭", None),
        ("Close", "", "no translation"),
        ("Close", "Close", "not in Chinese"),
        ("PDF", "PDF", None),
        ("%(n)s days", "%(n)s 天", None),
        ("%(n)s days", "%(m)s 天", "placeholders"),
        ("{name} waits", "{name} 在等待", None),
        ("100%% of {a}", "{a} 的 100%%", None),
        ("{name} waits", "在等待", "placeholders"),
    ],
)
def test_what_is_wrong_with_a_translation(msgid, msgstr, wrong):
    found = list(check_translations.of_entry(po.Entry(1, msgid=msgid, texts={0: msgstr})))
    assert len(found) == (0 if wrong is None else 1)
    assert wrong is None or wrong in found[0]


def test_stale_compiled_file_is_found(tmp_path):
    entries = po.parse(CATALOGUE)
    target = tmp_path / "django.mo"
    assert "missing" in next(check_translations.of_compiled(entries, target))
    target.write_bytes(po.compile_entries(entries))
    assert not list(check_translations.of_compiled(entries, target))
    entries[1].texts[0] = "结束 %(number)s"
    assert "not made from" in next(check_translations.of_compiled(entries, target))


def test_chinese_in_code_is_found_but_not_in_comments():
    source = '''"""关闭"""
title = _("Close")  # 关闭
def close():
    "关闭一个投诉"
    return "关闭"
marks = "。！？"
kept = "关闭"  # chinese: the name of a standard
'''
    assert list(check_translations.chinese_in_code(source)) == [5]


def test_texts_under_a_name_that_nobody_collects_are_found():
    lost = "from django.utils.translation import gettext as __, gettext_lazy as _\n"
    plain = "from django.utils.translation import get_language, gettext, gettext_lazy as _\n"
    assert list(check_translations.hidden_names(lost)) == [(1, "__")]
    assert list(check_translations.hidden_names(plain)) == []
