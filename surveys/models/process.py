"""The process rows of what lives in the satisfaction module, with real foreign keys."""

from typing import Any

from django.db import models

from surveys.models.campaign import Campaign
from surveys.models.finding import Finding
from surveys.models.questionnaire import Questionnaire
from surveys.models.report import AnalysisReport
from surveys.models.review import ManagementReview
from workflows.models import Process


def card(subject: Any, title: str) -> dict[str, Any]:
    """What the inbox shows of a subject that is its own root."""
    return {
        "subject_kind": subject.SUBJECT_KIND,
        "subject_number": subject.number,
        "root_number": subject.number,
        "title": title[:200],
    }


class QuestionnaireProcess(Process):
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="processes"
    )

    objects = models.Manager()

    ROOT_FIELD = "questionnaire"

    def card(self) -> dict[str, Any]:
        return card(self.questionnaire, self.questionnaire.title)


class CampaignProcess(Process):
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="processes")

    objects = models.Manager()

    ROOT_FIELD = "campaign"

    def card(self) -> dict[str, Any]:
        return card(self.campaign, self.campaign.title)


class FindingProcess(Process):
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="processes")

    objects = models.Manager()

    ROOT_FIELD = "finding"

    def card(self) -> dict[str, Any]:
        return card(self.finding, self.finding.title)


class ReportProcess(Process):
    report = models.ForeignKey(AnalysisReport, on_delete=models.PROTECT, related_name="processes")

    objects = models.Manager()

    ROOT_FIELD = "report"

    def card(self) -> dict[str, Any]:
        return card(self.report, self.report.title)


class ReviewProcess(Process):
    review = models.ForeignKey(ManagementReview, on_delete=models.PROTECT, related_name="processes")

    objects = models.Manager()

    ROOT_FIELD = "review"

    def card(self) -> dict[str, Any]:
        return card(self.review, self.review.title)
