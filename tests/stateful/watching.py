"""What is checked after every step of a walk, from the rows that the step has written.

It keeps its own picture of the world (states, versions, who did what) and compares: this way a
rule that the product forgets is not forgotten here too.
"""

from __future__ import annotations

from collections import defaultdict

from cases.enums import ACTION_ENDED, ENDED
from cases.models import CaseProcess
from workflows.domain import registry
from workflows.domain.invariants import allowed_moves
from workflows.domain.proof import legal_pairs
from workflows.models import Task, Transition

HANDLED = {"statement", "measures", "carry_out", "accept", "plan", "implement", "reply"}
PAIRS = {flow.key: legal_pairs(flow) for flow in registry.flows()}
KINDS = (
    "case", "action", "extension", "response", "opinion", "appeal", "flag", "clock_extension",
)  # fmt: skip
MOVES = {kind: allowed_moves(kind) for kind in KINDS}
Key = tuple[str, int]


class Watcher:
    """The record as it has been seen so far; `look` reads what is new and checks all of it."""

    def __init__(self) -> None:
        self.seen = Transition.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.rows: dict[Key, list[Transition]] = defaultdict(list)
        self.of_root: dict[int, list[Transition]] = defaultdict(list)
        self.subject_of: dict[int, Key] = {}

    def new_rows(self) -> list[Transition]:
        return list(Transition.objects.filter(pk__gt=self.seen).order_by("pk"))

    def nothing_written(self) -> None:
        """A refused step leaves no trace."""
        assert self.new_rows() == []

    def look(self) -> None:
        for row in self.new_rows():
            self.seen = row.pk
            key = (row.subject_kind, row.subject_id)
            self.follows(row, self.rows[key])
            self.four_eyes(row)
            if row.process_id is not None:
                self.subject_of.setdefault(row.process_id, key)
            self.rows[key].append(row)
            self.of_root[row.root_id].append(row)
        self.open_steps_fit()

    # ------------------------------------------------------------------------ the record
    def follows(self, row: Transition, before: list[Transition]) -> None:
        """The record is contiguous, its versions have no gap, its moves are the state machine's."""
        assert row.from_state == (before[-1].to_state if before else "new"), row
        if row.from_state != row.to_state:
            assert (row.from_state, row.to_state) in MOVES[row.subject_kind], row
            assert row.version is not None
        if row.version is not None:
            assert row.version == 1 + sum(one.version is not None for one in before), row
        assert not before or row.at >= before[-1].at, row
        assert row.reason or not row.act.startswith("return_"), row

    def four_eyes(self, row: Transition) -> None:
        """Nobody signs off what they did themselves."""
        others = {
            ("action", "verify"): self.implementers,
            ("action", "watch"): self.implementers,
            ("case", "close"): self.handlers,
            ("case", "countersign"): lambda row: self.handlers(row) | self.last(row, "close"),
            ("case", "approve_measures"): lambda row: self.last(row, "draft_measures"),
            ("appeal", "uphold"): self.parties,
            ("appeal", "revise"): self.parties,
            ("flag", "confirm_second"): lambda row: self.last(row, "confirm_first"),
            ("extension", "grant"): lambda row: self.last(row, "start"),
            ("extension", "refuse"): lambda row: self.last(row, "start"),
            ("clock_extension", "grant"): lambda row: self.last(row, "start"),
            ("clock_extension", "refuse"): lambda row: self.last(row, "start"),
        }.get((row.subject_kind, row.act))
        if others is not None:
            assert row.by_id not in others(row), row

    def last(self, row: Transition, act: str) -> set[int | None]:
        mine = self.rows[row.subject_kind, row.subject_id]
        return {one.by_id for one in [one for one in mine if one.act == act][-1:]}

    def handlers(self, row: Transition) -> set[int | None]:
        return {one.by_id for one in self.of_root[row.root_id] if one.node in HANDLED}

    def implementers(self, row: Transition) -> set[int | None]:
        mine = self.rows[row.subject_kind, row.subject_id]
        ordered = [one.by_id for one in mine if one.node in {"start", "assign"}][-1:]
        return {one.by_id for one in mine if one.node in {"accept", "plan", "implement"}} | set(
            ordered
        )

    def parties(self, row: Transition) -> set[int | None]:
        """Who appealed, and who gave the ruling that was appealed against."""
        asked = self.rows[row.subject_kind, row.subject_id][0]
        rulings = [
            one.by_id
            for one in self.of_root[row.root_id]
            if one.act == "rule" and one.pk < asked.pk
        ]
        return {asked.by_id, *rulings[-1:]}

    # ------------------------------------------------------------------------ what is open
    def state(self, key: Key) -> str:
        return self.rows[key][-1].to_state

    def keys(self, *kinds: str) -> list[Key]:
        return [key for key in self.rows if key[0] in kinds]

    def open_steps_fit(self) -> None:
        """Each open step fits the state of its subject; an open case runs one process of its own,
        an ended one none at all but a motion on a flag."""
        running = set(CaseProcess.objects.filter(finished=None).values_list("pk", flat=True))
        waiting = Task.objects.filter(finished=None, process__in=running)
        held = set()
        for task in waiting.only("process_id", "flow_task"):
            node, key = task.flow_task, self.subject_of[task.process_id]
            assert (node.name, self.state(key)) in PAIRS[node.flow_class.key], (task, key)
            held.add(task.process_id)
        assert held == running
        main = [self.subject_of[pk] for pk in running if self.subject_of[pk][0] == "case"]
        live = {key for key in self.keys("case") if self.state(key) not in ENDED}
        assert sorted(main) == sorted(live)
        for pk in running:
            self.belongs_to_something_open(self.subject_of[pk])

    def belongs_to_something_open(self, key: Key) -> None:
        root = ("case", self.rows[key][0].root_id)
        state = self.state(root)
        assert state not in ENDED or (key[0] == "flag" and state == "closed"), (key, state)
        assert key[0] != "action" or self.state(key) not in ACTION_ENDED, key
