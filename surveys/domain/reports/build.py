"""The report of a period from the data alone: every section with its tables, no narrative.

A constant number of statements, however many forms: scores come from the index, which is
computed anew only when one of its inputs has changed; texts are read once for their topics.
"""

from django.utils.translation import gettext_lazy as _

from surveys.domain.periods import Period
from surveys.domain.reports import facts as read, others, results, trust, voices
from surveys.domain.reports.content import Section
from surveys.domain.reports.words import both

# In the order in which the report reads; `conclusions` has no table of its own.
KEYS = (
    "summary", "results", "outstanding", "voices", "others", "deductions", "trust", "earlier",
    "conclusions",
)  # fmt: skip


def sections(period: Period) -> tuple[Section, ...]:
    """Raises NotFound where no policy holds."""
    facts = read.gather(period)
    return (
        results.summary(facts),
        results.results(facts),
        results.outstanding(facts),
        voices.section(facts),
        others.section(facts),
        trust.deductions(facts),
        trust.trust(facts),
        trust.earlier(facts),
        Section("conclusions", both(_("Conclusions and suggestions")), ()),
    )
