"""Campaigns with their frame, as launching leaves them; answers come in by the real commands."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from surveys.domain import tokens
from surveys.models import Campaign, Invitee, Questionnaire
from workflows.domain.context import now

# Two items, four sub-items (one asked only after a bad answer), two open questions.
DOCUMENT: dict[str, Any] = {
    "labels": "five",
    "reason_below": 3,
    "intro": "感谢您抽出时间。",
    "intro_en": "Thank you for your time.",
    "thanks": "您的意见我们会逐条阅读。",
    "thanks_en": "We read every answer.",
    "items": [
        {
            "key": "product", "name": "产品质量", "name_en": "Product quality", "weight": "60",
            "subitems": [
                {"key": "function", "name": "功能", "name_en": "Function", "weight": "2"},
                {"key": "appearance", "name": "外观", "name_en": "Appearance", "weight": "1"},
            ],
        },
        {
            "key": "delivery", "name": "交付", "name_en": "Delivery", "weight": "40",
            "subitems": [
                {"key": "timeliness", "name": "交付及时性", "name_en": "Timeliness"},
                {
                    "key": "notice", "name": "延迟是否提前告知", "name_en": "Notice of delays",
                    "show_if": {"key": "timeliness", "at_most": 2},
                },
            ],
        },
    ],
    "open": [
        {"key": "wishes", "name": "您还有什么建议？", "name_en": "What else would you suggest?"},
        {
            "key": "repair", "name": "我们怎样补救？", "name_en": "How can we make up for it?",
            "show_if": {"key": "function", "at_most": 2},
        },
    ],
}  # fmt: skip


def questionnaire(c: SimpleNamespace, **changes: Any) -> Questionnaire:
    """An approved one."""
    count = Questionnaire.objects.count() + 1
    given = {
        "number": f"WJ-2026-{count:04}",
        "code": f"survey_{count}",
        "kind": "survey",
        "title": "顾客满意度调查表",
        "title_en": "Customer satisfaction survey",
        "document": DOCUMENT,
        "created_by": c.marketer,
        "created_at": now(),
        "approved_by": c.manager,
        "approved_at": now(),
        "state": "approved",
    }
    return Questionnaire.objects.create(**{**given, **changes})


def campaign(c: SimpleNamespace, **changes: Any) -> Campaign:
    """A launched one, open since yesterday for a month."""
    count = Campaign.objects.count() + 1
    given = {
        "number": f"DC-2026-{count:04}",
        "title": "2026 上半年满意度调查",
        "source": "sales_survey",
        "period": "2026-H1",
        "starts_at": now() - timedelta(days=1),
        "ends_at": now() + timedelta(days=30),
        "department": c.marketing,
        "created_by": c.marketer,
        "created_at": now(),
        "launched_at": now(),
        "state": "launched",
    }
    given |= changes
    if "questionnaire" not in given:
        given["questionnaire"] = questionnaire(c)
    return Campaign.objects.create(**given)


def invite(c: SimpleNamespace, campaign: Campaign, **changes: Any) -> tuple[Invitee, str]:
    """An invitee, and the token of their link."""
    token, count = tokens.new(), campaign.invitees.count() + 1
    given = {
        "external_id": f"{count:04}",
        "customer": c.customer,
        "name": "华东机电有限公司",
        "customer_type": "direct",
        "product": c.product,
        "region": "华东",
        "city": "上海",
        "phone": "021-5566 7788",
        "unit": c.marketing,
        "token_hash": tokens.digest(token),
        "sent_at": campaign.launched_at,
    }
    return Invitee.objects.create(campaign=campaign, **{**given, **changes}), token
