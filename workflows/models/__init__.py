"""Tables of the engine. It knows no case; a case knows the engine."""

from workflows.models.calendars import (
    CalendarChange,
    CalendarDay,
    CalendarWeek,
    CalendarYear,
    WorkingCalendar,
)
from workflows.models.clocks import Clock, ClockPause, ClockPolicy, ClockRule
from workflows.models.deadlines import DeadlinePolicy, DeadlineRule
from workflows.models.delivery import (
    Breaker,
    Choice,
    Delivery,
    DeliveryAttempt,
    Endpoint,
    MessageTemplate,
    Preference,
)
from workflows.models.feed import CalendarFeed
from workflows.models.ladder import EscalationPolicy, Laddered
from workflows.models.numbering import Series
from workflows.models.outbox import Lease, Notification, Outbox, Round
from workflows.models.process import Process
from workflows.models.signature import Signature
from workflows.models.state import EngineModel, StateField
from workflows.models.task import Task
from workflows.models.transition import AppendOnlyQuerySet, Transition
from workflows.models.versions import VersionQuerySet

__all__ = [
    "AppendOnlyQuerySet",
    "Breaker",
    "CalendarChange",
    "CalendarDay",
    "CalendarFeed",
    "CalendarWeek",
    "CalendarYear",
    "Choice",
    "Clock",
    "ClockPause",
    "ClockPolicy",
    "ClockRule",
    "DeadlinePolicy",
    "DeadlineRule",
    "Delivery",
    "DeliveryAttempt",
    "Endpoint",
    "EngineModel",
    "EscalationPolicy",
    "Laddered",
    "Lease",
    "MessageTemplate",
    "Notification",
    "Outbox",
    "Preference",
    "Process",
    "Round",
    "Series",
    "Signature",
    "StateField",
    "Task",
    "Transition",
    "VersionQuerySet",
    "WorkingCalendar",
]
