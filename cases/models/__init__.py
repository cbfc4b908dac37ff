"""Tables of cases."""

from cases.models.action import CorrectiveAction, ExtensionRequest
from cases.models.arbitration import Appeal, Arbitration, Share
from cases.models.attachment import Attachment
from cases.models.case import Case, CaseParty
from cases.models.catalogue import Category, Cause, Channel, CustomerClass, Product
from cases.models.clock import ClockExtension
from cases.models.customer import Contact, Customer, Delivery
from cases.models.dossier import Comment, FlagRecord, Reply, Statement
from cases.models.ending import CaseLink, Closure
from cases.models.flag import FlagMotion
from cases.models.incident import Investigation, JointReview, Opinion, Response
from cases.models.measures import (
    MeasurePlan,
    PlannedMeasure,
    ReadAcross,
    Recurrence,
    ServedCase,
)
from cases.models.policy import CasePolicy, IncidentPolicy
from cases.models.process import CaseProcess

__all__ = [
    "Appeal",
    "Arbitration",
    "Attachment",
    "Case",
    "CaseLink",
    "CaseParty",
    "CasePolicy",
    "CaseProcess",
    "Category",
    "Cause",
    "Channel",
    "ClockExtension",
    "Closure",
    "Comment",
    "Contact",
    "CorrectiveAction",
    "Customer",
    "CustomerClass",
    "Delivery",
    "ExtensionRequest",
    "FlagMotion",
    "FlagRecord",
    "IncidentPolicy",
    "Investigation",
    "JointReview",
    "MeasurePlan",
    "Opinion",
    "PlannedMeasure",
    "Product",
    "ReadAcross",
    "Recurrence",
    "Reply",
    "Response",
    "ServedCase",
    "Share",
    "Statement",
]
