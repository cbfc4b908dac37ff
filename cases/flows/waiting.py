"""What is said beside the act that lets clocks wait, wherever it stands."""

from django.utils.translation import gettext_lazy as _

WAITING = _("While we wait for the customer, for parts or for others; the next step ends it.")
