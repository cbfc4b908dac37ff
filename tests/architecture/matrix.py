"""The matrix as it is allowed, written once by hand; the tests compare the code with it."""

from __future__ import annotations

from typing import Any

from cases.enums import (
    ActionState as A,
    AppealState,
    CaseState as S,
    ExtensionState,
    MotionState as M,
    OpinionState,
    ResponseState,
)
from workflows.domain import registry
from workflows.domain.proof import edges_of, legal_pairs

PEOPLE = [
    "agent", "agent2", "lead", "handler", "handler2", "head", "buyer", "buyer_head", "engineer",
    "engineer2", "manager", "marketer", "representative", "director", "auditor", "admin",
]  # fmt: skip
AGENTS = {"agent", "agent2", "lead"}
LEADS = {"lead"}
WORKSHOP = {"handler", "handler2", "head"}
PURCHASING = {"buyer", "buyer_head"}
QUALITY = {"engineer", "engineer2", "manager"}
MANAGEMENT = {"representative", "director"}
NOBODY: set[str] = set()
FLOWS = {flow.key: flow for flow in registry.flows()}

# State: who completes the step that waits in it, and {outcome: where to}. Nobody else, nothing
# else. In the examples the workshop answers for the case.
Steps = dict[str, tuple[set[str], dict[str, set[str]]]]
COMPLAINT: Steps = {
    S.ACKNOWLEDGEMENT: (AGENTS, {"acknowledge": {S.TRIAGE}}),
    S.TRIAGE: (
        LEADS,
        {
            "accept": {S.STATEMENT},
            "raise_major": {S.RAISED},
            "merge": {S.MERGED},
            "convert": {S.CONVERTED},
            "reject": {S.REJECTED},
        },
    ),
    S.STATEMENT: (
        WORKSHOP,
        {
            "answer": {S.REVIEW, S.ARBITRATION},
            "dispute": {S.ARBITRATION},
            "return_to_triage": {S.TRIAGE},
        },
    ),
    S.ARBITRATION: (
        QUALITY,
        {"rule": {S.REVIEW, S.STATEMENT}, "return_to_statement": {S.STATEMENT}},
    ),
    S.REVIEW: (
        QUALITY,
        {
            "accept_remedy": {S.REPLY},
            "order_actions": {S.ACTION},
            "return_to_statement": {S.STATEMENT},
        },
    ),
    S.VERIFICATION: (QUALITY, {"verify": {S.REPLY}, "return_to_review": {S.REVIEW}}),
    S.REPLY: (AGENTS, {"reply": {S.FEEDBACK}, "return_to_review": {S.REVIEW}}),
    S.FEEDBACK: (
        AGENTS,
        {"satisfied": {S.CLOSING}, "unsatisfied": {S.REVIEW}, "no_answer": {S.CLOSING}},
    ),
    S.CLOSING: (
        QUALITY,
        {"close": {S.CLOSED, S.COUNTERSIGNATURE}, "return_to_review": {S.REVIEW}},
    ),
    S.COUNTERSIGNATURE: (
        {"representative"},
        {"countersign": {S.CLOSED}, "return_to_closing": {S.CLOSING}},
    ),
}
INCIDENT: Steps = {
    S.INVESTIGATION: (AGENTS, {"investigate": {S.CONVENING}, "unfounded": {S.REJECTED}}),
    S.CONVENING: (
        QUALITY,
        {"convene": {S.JOINT_REVIEW}, "return_to_investigation": {S.INVESTIGATION}},
    ),
    S.ARBITRATION: (
        QUALITY,
        {
            "rule": {S.MEASURES},
            "return_to_review_board": {S.CONVENING},
            "return_to_investigation": {S.INVESTIGATION},
        },
    ),
    S.MEASURES: (WORKSHOP, {"draft_measures": {S.COMPLETENESS}}),
    S.COMPLETENESS: (QUALITY, {"pass_measures": {S.APPROVAL}, "return_measures": {S.MEASURES}}),
    S.APPROVAL: ({"manager"}, {"approve_measures": {S.ACTION}, "return_measures": {S.MEASURES}}),
    S.VERIFICATION: (QUALITY, {"verify": {S.REPLY}, "return_to_measures": {S.MEASURES}}),
    S.REPLY: (AGENTS, {"reply": {S.FEEDBACK}, "return_to_measures": {S.MEASURES}}),
    S.FEEDBACK: (
        AGENTS,
        {"satisfied": {S.CLOSING}, "unsatisfied": {S.MEASURES}, "no_answer": {S.CLOSING}},
    ),
    S.CLOSING: (
        QUALITY,
        {"close": {S.CLOSED, S.COUNTERSIGNATURE}, "return_to_measures": {S.MEASURES}},
    ),
    S.COUNTERSIGNATURE: (
        {"representative"},
        {"countersign": {S.CLOSED}, "return_to_closing": {S.CLOSING}},
    ),
}
# Improvement proposals and integrity checks run a shorter road of the same states.
FINDING: Steps = {
    S.REVIEW: (QUALITY, {"order_actions": {S.ACTION}, "dismiss": {S.REJECTED}}),
    S.VERIFICATION: (QUALITY, {"verify_finding": {S.CLOSING}, "return_to_review": {S.REVIEW}}),
    S.CLOSING: (QUALITY, {"close": {S.CLOSED}, "return_to_review": {S.REVIEW}}),
}
FEEDBACK: Steps = {
    S.ANSWERING: (AGENTS, {"answer": {S.ANSWERED}, "convert": {S.CONVERTED}}),
}
ACTION: Steps = {
    A.PROPOSED: (QUALITY, {"assign": {A.ASSIGNED}, "cancel": {A.CANCELLED}}),
    A.ASSIGNED: (WORKSHOP, {"accept": {A.ACCEPTED}, "return_to_orderer": {A.RETURNED}}),
    A.RETURNED: (QUALITY, {"assign": {A.ASSIGNED}, "cancel": {A.CANCELLED}}),
    A.ACCEPTED: (WORKSHOP, {"begin": {A.IN_PROGRESS}}),
    A.IN_PROGRESS: (WORKSHOP, {"submit": {A.SUBMITTED}}),
    A.SUBMITTED: (
        QUALITY,
        {"verify": {A.VERIFIED}, "watch": {A.WATCHED}, "rework": {A.IN_PROGRESS}},
    ),
    A.WATCHED: (NOBODY, {"pass_window": {A.SUBMITTED}, "recur": {A.ACCEPTED}}),
    A.VERIFIED: (QUALITY, {"close": {A.CLOSED}}),
}
EXTENSION: Steps = {
    ExtensionState.REQUESTED: (
        QUALITY,
        {"grant": {ExtensionState.GRANTED}, "refuse": {ExtensionState.REFUSED}},
    ),
}
# Of the three kinds of response: who contains, who goes there, who tells the customer.
RESPONSE: Steps = {
    ResponseState.OPEN: (
        WORKSHOP | AGENTS,
        {"report_done": {ResponseState.DONE}, "decline": {ResponseState.NOT_NEEDED}},
    ),
}
OPINION: Steps = {OpinionState.REQUESTED: (WORKSHOP, {"file": {OpinionState.FILED}})}
APPEAL: Steps = {
    AppealState.REQUESTED: (
        {"manager"},
        {"uphold": {AppealState.UPHELD}, "revise": {AppealState.REVISED}},
    ),
}
FLAG: Steps = {
    M.PROPOSED: (
        QUALITY | MANAGEMENT,
        {"confirm_first": {M.SECONDED}, "dismiss": {M.DISMISSED}},
    ),
    M.SECONDED: (
        QUALITY | MANAGEMENT,
        {"confirm_second": {M.CARRIED}, "dismiss": {M.DISMISSED}},
    ),
}
STEPS: dict[str, Steps] = {
    "complaint": COMPLAINT,
    "incident": INCIDENT,
    "improvement": FINDING,
    "feedback": FEEDBACK,
    "corrective_action": ACTION,
    "extension": EXTENSION,
    "response": RESPONSE,
    "opinion": OPINION,
    "appeal": APPEAL,
    "flag": FLAG,
    "clock_extension": EXTENSION,
}


def outcome_edges(flow: Any) -> dict[tuple[str, str], dict[str, set[str]]]:
    """{(node, state): {outcome: targets}} of every step, as the code has it."""
    edges = edges_of(flow.subject_model)
    steps = {}
    for node_name, state in legal_pairs(flow):
        node = flow.instance.node(node_name)
        if hasattr(node, "outcomes"):
            steps[node_name, state] = {
                outcome.name: set(edges[outcome.fires][state]) for outcome in node.outcomes.values()
            }
    return steps
