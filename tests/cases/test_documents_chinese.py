"""A Chinese document holds no English word but names."""

import re

from django.utils.translation import override

from cases.documents.printed import handed
from tests.cases.papers import BARE, FULL, report, texts

# What FULL says in English itself, and names that are the same in every language.
KNOWN = set(
    (
        "BX CA SG MPa jpg On site Done Machine Corrective Closed Cases Accepted Affected "
        "No case for days Approved the measures Investigated Ruled Incident Major In "
        "review close it quality Quality manager Satisfied Printed by zh cn block PDF "
        "Word "
    ).split()
)


def test_a_chinese_report_holds_no_untranslated_text():
    with override("zh-hans"):
        said = [text for given in (BARE, FULL) for text in texts(handed(report(given))[0])]
    blocks = {"Facts", "Table", "Tree", "Heading", "Pictures", "Bar", "Signatures", "Nothing"}
    read = [text for text in said if text not in blocks]
    words = {word for text in read for word in re.findall("[A-Za-z]{2,}", text)}
    assert words - KNOWN == set()
