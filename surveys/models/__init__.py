from surveys.models.campaign import Campaign, CampaignPlan, CampaignUnit, Invitee
from surveys.models.finding import Examination, Finding, FlaggedResponse
from surveys.models.policy import PeriodIndex, SatisfactionPolicy, SignedIndex
from surveys.models.process import CampaignProcess, FindingProcess, QuestionnaireProcess
from surveys.models.questionnaire import Questionnaire
from surveys.models.response import (
    DeductedCase,
    DeductionEntry,
    ImportBatch,
    PeriodLedger,
    Response,
    SendAttempt,
)

__all__ = [
    "Campaign",
    "CampaignPlan",
    "CampaignProcess",
    "CampaignUnit",
    "DeductedCase",
    "DeductionEntry",
    "Examination",
    "Finding",
    "FindingProcess",
    "FlaggedResponse",
    "ImportBatch",
    "Invitee",
    "PeriodIndex",
    "PeriodLedger",
    "Questionnaire",
    "QuestionnaireProcess",
    "Response",
    "SendAttempt",
    "SatisfactionPolicy",
    "SignedIndex",
]
