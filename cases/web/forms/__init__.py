"""Every form by the key that the engine names it with (workflows/domain/offers.py)."""

from typing import Any

from cases.web.forms import acts, corrective, handling, triage
from cases.web.forms.base import Plain, StepForm

CASE_ACTS: dict[str, type[StepForm]] = {
    "edit": acts.Edit,
    "withdraw": Plain,
    "propose_action": corrective.Propose,
    "add_action": corrective.AddAction,
    "confirm_flag": acts.ConfirmFlag,
    "revoke_flag": acts.RevokeFlag,
    "reopen": Plain,
}

FORMS: dict[str, type[StepForm]] = {
    "complaint.acknowledge.acknowledge": triage.Acknowledge,
    "complaint.triage.accept": triage.Accept,
    "complaint.triage.raise_major": triage.RaiseMajor,
    "complaint.triage.merge": triage.Merge,
    "complaint.triage.convert": triage.Convert,
    "complaint.triage.reject": Plain,
    "complaint.statement.answer": handling.Statement,
    "complaint.statement.dispute": handling.Dispute,
    "complaint.statement.return_to_triage": Plain,
    "complaint.arbitration.rule": handling.Ruling,
    "complaint.arbitration.return_to_statement": Plain,
    "complaint.review.accept_remedy": handling.AcceptRemedy,
    "complaint.review.order_actions": handling.OrderActions,
    "complaint.review.return_to_statement": Plain,
    "complaint.verification.verify": Plain,
    "complaint.verification.return_to_review": Plain,
    "complaint.reply.reply": handling.Reply,
    "complaint.reply.return_to_review": Plain,
    "complaint.feedback.satisfied": handling.Satisfied,
    "complaint.feedback.unsatisfied": handling.Unsatisfied,
    "complaint.feedback.no_answer": Plain,
    "complaint.closing.close": Plain,
    "complaint.closing.return_to_review": Plain,
    **{f"complaint.act.{name}": form for name, form in CASE_ACTS.items()},
    "feedback.answer.answer": triage.Answer,
    "feedback.answer.convert": Plain,
    "feedback.act.edit": acts.Edit,
    "feedback.act.withdraw": Plain,
    "improvement.review.order_actions": handling.OrderActions,
    "improvement.review.dismiss": Plain,
    "improvement.verification.verify_finding": Plain,
    "improvement.verification.return_to_review": Plain,
    "improvement.closing.close": Plain,
    "improvement.closing.return_to_review": Plain,
    "improvement.act.edit": acts.Edit,
    "improvement.act.withdraw": Plain,
    "improvement.act.add_action": corrective.AddAction,
    "corrective_action.assign.assign": corrective.Assign,
    "corrective_action.assign.cancel": Plain,
    "corrective_action.accept.accept": corrective.AcceptAction,
    "corrective_action.accept.return_to_orderer": Plain,
    "corrective_action.plan.begin": corrective.Begin,
    "corrective_action.implement.submit": corrective.Submit,
    "corrective_action.verify.verify": corrective.Verify,
    "corrective_action.verify.rework": Plain,
    "corrective_action.close.close": Plain,
    "corrective_action.act.request_extension": corrective.RequestExtension,
    "corrective_action.act.cancel": Plain,
    "extension.decide.grant": Plain,
    "extension.decide.refuse": Plain,
}


def make(key: str, data: Any = None, files: Any = None, **given: Any) -> StepForm:
    """The form of a choice, empty or with what was sent. KeyError for a key without one."""
    return FORMS[key](data, files, **given)


__all__ = ["FORMS", "StepForm", "make"]
