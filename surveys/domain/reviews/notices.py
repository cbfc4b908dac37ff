"""Who is told of a management review: whom it calls, and for whom it has decided something."""

from django.utils.translation import gettext_lazy as _

from surveys.models import Decision, ManagementReview, Participant
from workflows.domain import notices, outbox
from workflows.models import Outbox, Transition

notices.WORDS["review_called"] = _("You are invited to a management review")
notices.WORDS["review_decided"] = _("A management review has decided something for you")


@outbox.handles("transition")
def tell_of_review(row: Outbox) -> None:
    """The invited are told of the meeting, owners of what was decided once it is signed."""
    if row.payload.get("kind") != ManagementReview.SUBJECT_KIND:
        return
    act = row.payload.get("act")
    if act not in {"invite", "approve"}:
        return
    done = Transition.objects.get(pk=row.payload["transition"])
    review = ManagementReview.objects.get(pk=done.subject_id)
    if act == "invite":
        invited = Participant.objects.filter(review=review).values_list("person", flat=True)
        about = notices.About.of(review)
        notices.tell(invited, kind="review_called", key=row.key, about=about, at=row.created)
        return
    # An owner need not see the whole review: what they are told of is their action.
    decided = Decision.objects.filter(review=review, action__isnull=False)
    for decision in decided.select_related("action__case"):
        notices.tell(
            [decision.owner_id],
            kind="review_decided",
            key=f"{row.key}:{decision.position}",
            about=notices.About.of(decision.action),
            at=row.created,
        )
