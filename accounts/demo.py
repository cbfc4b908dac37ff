"""Who signs in to look at the demo company: one person for each role, for one-click cards.

The people themselves are made by `manage.py load_demo`; the password is the same for all of
them and known to everybody, so it is set in demo mode only.
"""

from typing import Any, TypedDict

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role

DEMO_PASSWORD = "redress-demo"  # noqa: S105 (public on purpose; exists in demo mode only)


class DemoPerson(TypedDict):
    """One card: `can` says in a sentence what this person does in the demo company."""

    username: str
    role: Role
    can: Any


DEMO_CAST: list[DemoPerson] = [
    {
        "username": "linxiao",
        "role": Role.SERVICE_AGENT,
        "can": _("Logs complaints, keeps customers informed and asks whether they are satisfied."),
    },
    {
        "username": "zhoumin",
        "role": Role.SERVICE_LEAD,
        "can": _("Triages what came in: accepts, rejects, merges, raises to major."),
    },
    {
        "username": "chengang",
        "role": Role.HANDLER,
        "can": _("States facts, cause and remedy for a workshop and carries out actions."),
    },
    {
        "username": "wulei",
        "role": Role.HEAD,
        "can": _("Leads a workshop: hands work over and is told of what is overdue."),
    },
    {
        "username": "wangfang",
        "role": Role.QUALITY_ENGINEER,
        "can": _("Reviews, arbitrates, orders corrective actions and verifies them."),
    },
    {
        "username": "liqiang",
        "role": Role.QUALITY_MANAGER,
        "can": _("Leads quality: confirms flags, rules on disputes, closes cases."),
    },
    {
        "username": "fengxue",
        "role": Role.MARKETING,
        "can": _("Answers for promises, prices and orders on behalf of marketing."),
    },
    {
        "username": "jiangtao",
        "role": Role.MANAGEMENT_REPRESENTATIVE,
        "can": _("Sees every case and answers for actions of the management."),
    },
    {
        "username": "shenguohua",
        "role": Role.GENERAL_MANAGER,
        "can": _("Sees every case and decides on what needs money or people."),
    },
    {
        "username": "hanmei",
        "role": Role.AUDITOR,
        "can": _("Reads everything and changes nothing."),
    },
    {
        "username": "yangfan",
        "role": Role.ADMINISTRATOR,
        "can": _("Keeps people, departments and roles."),
    },
]
