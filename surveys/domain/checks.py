"""All checks for made-up answers by name, with what people call them."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from surveys.domain import detectors
from surveys.domain.detectors import Check
from surveys.domain.detectors_copied import copied
from surveys.domain.detectors_interviewer import interviewer


class Named(NamedTuple):
    """A check; `why` says what it goes by."""

    run: Check
    title: Any
    why: Any


CHECKS: dict[str, Named] = {
    "too_fast": Named(
        detectors.too_fast, _("Answered too fast"),
        _("Less than a third of the median time, and less than 3 seconds a question."),
    ),
    "straight_lined": Named(
        detectors.straight_lined, _("The same level everywhere"),
        _("More forms with one level from end to end than the forms close to that predict."),
    ),
    "copied": Named(
        copied, _("Copied forms"),
        _("Alike in nine of ten answers, more often than people who answer for themselves are."),
    ),
    "bursts": Named(
        detectors.bursts, _("Many forms at once"),
        _("More forms within ten minutes than can be asked or usually come in."),
    ),
    "one_device": Named(
        detectors.one_device, _("One device or address"),
        _("More forms from one device or address than a household or a company sends."),
    ),
    "machines": Named(
        detectors.machines, _("Sent by a machine"),
        _("What came in looked as if no person had sent it."),
    ),
    "interviewer": Named(
        interviewer, _("Interviewer's pattern"),
        _("Gaps too short, night hours, last digits or levels far from those of the others."),
    ),
    "odd_hours": Named(
        detectors.odd_hours, _("Asked at night"),
        _("A customer was called or visited between 22 and 6 o'clock."),
    ),
}  # fmt: skip
