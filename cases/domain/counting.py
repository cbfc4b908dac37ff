"""Which cases count where cases are counted against somebody (shared/DOMAIN.md 5).

Complaints that were triaged and incidents that were investigated at least once, and that are
neither rejected, withdrawn, merged nor converted. A case that was reopened, handed back by the
department, raised or lowered is in triage or investigation a second time: it has a responsible
department, which accepting it or a ruling named and nothing takes back, so it keeps counting.
"""

from django.db.models import Q

from cases.enums import PROCESSED, CaseState as S

ENTRANCE = frozenset({S.TRIAGE, S.INVESTIGATION})
NOT_TRIAGED = ENTRANCE | {S.NEW, S.ACKNOWLEDGEMENT, S.RAISED}
OUT = frozenset({S.REJECTED, S.WITHDRAWN, S.MERGED, S.CONVERTED})
COUNTING = frozenset(S) - NOT_TRIAGED - OUT - {S.ANSWERING, S.ANSWERED}


def counts(prefix: str = "") -> Q:
    """The condition that a case counts; `prefix` leads to the case."""
    again = Q(**{f"{prefix}state__in": sorted(ENTRANCE), f"{prefix}department__isnull": False})
    return Q(**{f"{prefix}kind__in": sorted(PROCESSED)}) & (
        Q(**{f"{prefix}state__in": sorted(COUNTING)}) | again
    )
