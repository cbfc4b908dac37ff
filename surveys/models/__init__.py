from surveys.models.campaign import Campaign, CampaignPlan, CampaignUnit, Invitee
from surveys.models.finding import Examination, Finding, FlaggedResponse
from surveys.models.input_events import PressCase, PressItem, PressProduct, ReturnedGoods
from surveys.models.input_figures import DeliveredQuality, SalesVolume
from surveys.models.inputs import InputBatch, InputChange
from surveys.models.policy import (
    AssessmentPolicy,
    LostBusinessPolicy,
    PeriodIndex,
    SatisfactionPolicy,
    SignedIndex,
)
from surveys.models.process import (
    CampaignProcess,
    FindingProcess,
    QuestionnaireProcess,
    ReportProcess,
    ReviewProcess,
)
from surveys.models.questionnaire import Questionnaire
from surveys.models.report import (
    AnalysisReport,
    PeriodSections,
    ReportConclusion,
    ReportCopy,
    ReportFile,
    ReportSection,
    SectionRemark,
    SectionVersion,
)
from surveys.models.response import (
    DeductedCase,
    DeductionEntry,
    ImportBatch,
    PeriodLedger,
    Response,
    SendAttempt,
)
from surveys.models.review import ManagementReview
from surveys.models.review_edition import ReviewEdition, ReviewTopic
from surveys.models.review_rows import Decision, Participant, ReviewFile, ReviewInput

__all__ = [
    "AnalysisReport",
    "Campaign",
    "CampaignPlan",
    "CampaignProcess",
    "CampaignUnit",
    "Decision",
    "DeductedCase",
    "DeductionEntry",
    "DeliveredQuality",
    "Examination",
    "Finding",
    "FindingProcess",
    "FlaggedResponse",
    "ImportBatch",
    "InputBatch",
    "InputChange",
    "Invitee",
    "AssessmentPolicy",
    "LostBusinessPolicy",
    "ManagementReview",
    "Participant",
    "PeriodIndex",
    "PeriodLedger",
    "PeriodSections",
    "PressCase",
    "PressItem",
    "PressProduct",
    "Questionnaire",
    "QuestionnaireProcess",
    "ReportConclusion",
    "ReportCopy",
    "ReportFile",
    "ReportProcess",
    "ReportSection",
    "Response",
    "ReturnedGoods",
    "ReviewEdition",
    "ReviewFile",
    "ReviewInput",
    "ReviewProcess",
    "ReviewTopic",
    "SalesVolume",
    "SatisfactionPolicy",
    "SectionRemark",
    "SectionVersion",
    "SendAttempt",
    "SignedIndex",
]
