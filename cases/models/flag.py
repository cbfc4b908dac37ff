"""The two flags that make the heaviest deduction: moved by anyone, carried by two people."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition
from simple_history.models import HistoricalRecords

from cases.enums import Flag, MotionState
from cases.models.case import Case
from cases.models.incident import OfCase
from workflows.models import StateField

USER = settings.AUTH_USER_MODEL
M = MotionState


class FlagMotion(OfCase):
    """A flag proposed (`sets`) or proposed to be revoked. It takes effect when two different
    people of quality or management have confirmed it; the database refuses one person alone."""

    SUBJECT_KIND = "flag"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="flag_motions")
    flag = models.CharField(_("flag"), max_length=20, choices=Flag.choices)
    sets = models.BooleanField(_("sets the flag"), default=True)
    evidence = models.TextField(_("evidence"))
    proposed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    first_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    first_at = models.DateTimeField(null=True, blank=True)
    second_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True, blank=True)
    state = StateField(default=M.NEW, choices=M.choices)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("motion on a flag")
        verbose_name_plural = _("motions on flags")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "flag"],
                condition=Q(state__in=(M.PROPOSED, M.SECONDED)),
                name="one_open_motion_per_flag",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None)
                | (Q(first_by__isnull=False) & ~Q(second_by=F("first_by"))),
                name="flag_needs_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state=M.CARRIED) | Q(second_by__isnull=False),
                name="carried_flag_is_seconded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.get_flag_display()}"

    @transition("state", M.NEW, M.PROPOSED)
    def propose(self) -> None: ...

    @transition("state", M.PROPOSED, M.SECONDED)
    def confirm_first(self) -> None: ...

    @transition("state", M.SECONDED, M.CARRIED)
    def confirm_second(self) -> None: ...

    @transition("state", [M.PROPOSED, M.SECONDED], M.DISMISSED)
    def dismiss(self) -> None: ...

    @transition("state", [M.PROPOSED, M.SECONDED], M.LAPSED)
    def lapse(self) -> None: ...
