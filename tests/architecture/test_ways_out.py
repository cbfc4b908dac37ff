"""Nothing is without a way to an end: no state of anything with a life, no step of any flow."""

import pytest

from tests.architecture.matrix import FLOWS
from tests.architecture.test_models import ENGINE_MODELS
from workflows.domain.proof import edges_of, fired_by, following, legal_pairs

# How everything with a life ends, written by hand.
ENDS = {
    "Case": {"closed", "rejected", "merged", "converted", "withdrawn", "answered"},
    "CorrectiveAction": {"closed", "cancelled"},
    "ExtensionRequest": {"granted", "refused", "lapsed"},
    "ClockExtension": {"granted", "refused", "lapsed"},
    "Response": {"done", "not_needed", "lapsed"},
    "Opinion": {"filed", "missing"},
    "Appeal": {"upheld", "revised", "lapsed"},
    "ManagementReview": {"closed", "cancelled"},
    "FlagMotion": {"carried", "dismissed", "lapsed"},
    # These two are in use after their flow.
    "Questionnaire": {"approved", "retired", "dropped"},
    "Campaign": {"launched", "cancelled"},
    "Finding": {"confirmed", "dismissed"},
    "AnalysisReport": {"frozen", "dropped"},
}


def grow(moves, ends):
    """From where an end is reached."""
    reach = set(ends)
    while grown := {source for source, targets in moves.items() if targets & reach} - reach:
        reach |= grown
    return reach


@pytest.mark.parametrize("model", ENGINE_MODELS, ids=lambda model: model.__name__)
def test_no_state_is_without_a_way_to_an_end(model):
    ends, moves = ENDS[model.__name__], {}
    for edge in edges_of(model).values():
        for source, targets in edge.items():
            moves.setdefault(source, set()).update(targets)
    states = {str(value) for value, _label in model._meta.get_field("state").choices}
    assert ends <= states
    assert states - grow(moves, ends) == set()


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_from_every_step_in_every_state_of_a_flow_its_end_is_reached(flow):
    edges, moves = edges_of(flow.subject_model), {}
    for name, state in legal_pairs(flow):
        node = flow.instance.node(name)
        fired = fired_by(node)
        after = {one for name in fired for one in edges[name][state]} if fired else {state}
        moves[name, state] = {
            (target.name, one) for one in after for target in following(node, one)
        }
    last = {pair for pair in moves if flow.instance.node(pair[0]).task_type in {"END", "HANDOVER"}}
    assert last
    assert set(moves) - grow(moves, last) == set()


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_where_a_flow_ends_its_subject_has_ended(flow):
    ends = ENDS[flow.subject_model.__name__]
    states = {
        state for name, state in legal_pairs(flow) if flow.instance.node(name).task_type == "END"
    }
    assert states <= ends
