"""Tables of cases."""

from cases.models.action import CorrectiveAction, ExtensionRequest
from cases.models.attachment import Attachment
from cases.models.case import Case, CaseParty
from cases.models.catalogue import Category, Cause, Channel, CustomerClass, Product
from cases.models.customer import Contact, Customer, Delivery
from cases.models.dossier import Arbitration, Comment, FlagRecord, Reply, Statement
from cases.models.policy import CasePolicy
from cases.models.process import CaseProcess

__all__ = [
    "Arbitration",
    "Attachment",
    "Case",
    "CaseParty",
    "CasePolicy",
    "CaseProcess",
    "Category",
    "Cause",
    "Channel",
    "Comment",
    "Contact",
    "CorrectiveAction",
    "Customer",
    "CustomerClass",
    "Delivery",
    "ExtensionRequest",
    "FlagRecord",
    "Product",
    "Reply",
    "Statement",
]
