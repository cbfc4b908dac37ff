"""How a finished message leaves the house; `base.ADAPTERS` has one for each channel."""

from workflows.channels.base import ADAPTERS
from workflows.channels.robots import DIALECTS, Robot
from workflows.channels.webhook import Webhook

ADAPTERS.update({name: Robot(dialect) for name, dialect in DIALECTS.items()})
ADAPTERS["webhook"] = Webhook()
