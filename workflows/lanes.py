"""The lanes of the background work: what runs beside the web, how often, in which queue.

A table without any code, because Celery's clock reads it before Django is there. What a lane
does is told in domain/scheduler.py.
"""

from dataclasses import dataclass

# Work inside the database, and work that waits for other people's servers: apart, so that a
# receiver that hangs can never hold up a deadline.
INNER, OUTER = "redress", "redress-delivery"


@dataclass(frozen=True)
class Lane:
    name: str
    every: float  # seconds between two rounds
    queue: str = INNER


LANES: tuple[Lane, ...] = (
    Lane("clocks", 2),
    Lane("chores", 10),
    Lane("effects", 1),
    Lane("mail", 2, OUTER),
    Lane("deliver:email", 2, OUTER),
    Lane("deliver:wecom", 2, OUTER),
    Lane("deliver:dingtalk", 2, OUTER),
    Lane("deliver:feishu", 2, OUTER),
    Lane("deliver:webhook", 2, OUTER),
)
