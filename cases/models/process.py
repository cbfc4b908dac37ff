"""The process row of a case or of something that belongs to it, with real foreign keys."""

from typing import Any

from django.db import models

from cases.models.action import CorrectiveAction, ExtensionRequest
from cases.models.arbitration import Appeal
from cases.models.case import Case
from cases.models.clock import ClockExtension
from cases.models.flag import FlagMotion
from cases.models.incident import Opinion, Response
from workflows.models import EngineModel, Process


class CaseProcess(Process):
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="processes")
    action = models.ForeignKey(
        CorrectiveAction, on_delete=models.PROTECT, null=True, related_name="processes"
    )
    extension = models.ForeignKey(
        ExtensionRequest, on_delete=models.PROTECT, null=True, related_name="processes"
    )

    response = models.ForeignKey(
        Response, on_delete=models.PROTECT, null=True, related_name="processes"
    )
    opinion = models.ForeignKey(
        Opinion, on_delete=models.PROTECT, null=True, related_name="processes"
    )
    appeal = models.ForeignKey(
        Appeal, on_delete=models.PROTECT, null=True, related_name="processes"
    )
    flag = models.ForeignKey(
        FlagMotion, on_delete=models.PROTECT, null=True, related_name="processes"
    )
    clock_extension = models.ForeignKey(
        ClockExtension, on_delete=models.PROTECT, null=True, related_name="processes"
    )

    objects = models.Manager()

    ROOT_FIELD = "case"
    SUBJECT_FIELDS = (
        "case__customer", "case__product", "action", "extension", "response", "opinion", "appeal",
        "flag", "clock_extension__clock",
    )  # fmt: skip

    @property
    def subject(self) -> EngineModel:
        """What this process moves. The root's copy is handed on, so one row has one instance."""
        if self.action is not None:
            self.action.case = self.case
        if self.extension is not None:
            self.extension.case, self.extension.action = self.case, self.action
            return self.extension
        for name in ("action", "response", "opinion", "appeal", "flag", "clock_extension"):
            found: EngineModel | None = getattr(self, name)
            if found is not None:
                found.case = self.case  # type: ignore[attr-defined]
                return found
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
