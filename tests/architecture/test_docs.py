"""Documents that are made from the code say what the code says."""

import pytest
from django.conf import settings

from workflows.domain import drawing, registry


@pytest.mark.parametrize("flow", registry.flows(), ids=lambda flow: flow.key)
def test_the_page_of_a_flow_is_current(flow):
    """`manage.py draw_flows` makes it anew."""
    path = settings.BASE_DIR / "docs" / "states" / f"{flow.key}.md"
    assert path.read_text(encoding="utf-8") == drawing.page(flow)
