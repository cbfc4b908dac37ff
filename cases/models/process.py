"""The process row of a case, an action or an extension, with real foreign keys."""

from typing import Any

from django.db import models

from cases.models.action import CorrectiveAction, ExtensionRequest
from cases.models.case import Case
from workflows.models import EngineModel, Process


class CaseProcess(Process):
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="processes")
    action = models.ForeignKey(
        CorrectiveAction, on_delete=models.PROTECT, null=True, related_name="processes"
    )
    extension = models.ForeignKey(
        ExtensionRequest, on_delete=models.PROTECT, null=True, related_name="processes"
    )

    objects = models.Manager()

    ROOT_FIELD = "case"
    SUBJECT_FIELDS = ("case__customer", "case__product", "action", "extension")

    @property
    def subject(self) -> EngineModel:
        """What this process moves. The root's copy is handed on, so one row has one instance."""
        if self.action is not None:
            self.action.case = self.case
        if self.extension is not None:
            self.extension.case, self.extension.action = self.case, self.action
            return self.extension
        if self.action is not None:
            return self.action
        return self.case

    def card(self) -> dict[str, Any]:
        case = self.case
        return {
            "subject_kind": self.subject.SUBJECT_KIND,
            "subject_number": self.subject.number,
            "root_number": case.number,
            "title": self.action.title if self.action else case.title,
            "customer": case.customer.name,
            "product": case.product.name if case.product else "",
            "is_major": case.is_major,
        }
