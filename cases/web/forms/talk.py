"""The comment box and the place for files, outside of any step."""

from django.utils.translation import gettext_lazy as _

from cases.web.forms.base import StepForm
from cases.web.forms.fields import Long, Uploads


class CommentForm(StepForm):
    # An empty one is refused by the command; a star at a box that nobody must fill would mislead.
    text = Long(label=_("Comment for colleagues"), rows=2, required=False)


class AttachForm(StepForm):
    uploads = Uploads(label=_("Files"), required=True)
