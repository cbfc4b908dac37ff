"""Campaigns, their frames and boards. See surveys/web/urls.py."""

from django.urls import URLPattern, path

from surveys.web import campaign, campaigns, plans

_ALL = "satisfaction/campaigns/"
_ONE = f"{_ALL}<str:number>/"

# What is no number comes first.
urlpatterns: list[URLPattern] = [
    path(_ALL, campaigns.listing, name="campaigns"),
    path(f"{_ALL}new/", campaigns.add, name="new_campaign"),
    path(f"{_ALL}preview/", campaigns.preview, name="campaign_preview"),
    path(f"{_ALL}upload/", campaigns.upload, name="upload_campaign"),
    path(f"{_ALL}plans/", plans.listing, name="plans"),
    path(f"{_ALL}plans/new/", plans.add, name="new_plan"),
    path(f"{_ALL}plans/usual/", plans.usual, name="usual_plans"),
    path(f"{_ALL}plans/<int:pk>/", plans.change, name="plan"),
    path(_ONE, campaign.detail, name="campaign"),
    path(f"{_ONE}board/", campaign.board, name="campaign_board"),
    path(f"{_ONE}file/", campaign.as_file, name="campaign_file"),
    path(f"{_ONE}tasks/<int:pk>/<slug:outcome>/", campaign.perform, name="campaign_step"),
    path(f"{_ONE}acts/<slug:act>/", campaign.act, name="campaign_act"),
    path(f"{_ONE}send/", campaign.send, name="campaign_send"),
    path(f"{_ONE}remind/", campaign.remind, name="campaign_remind"),
    path(f"{_ONE}links/", campaign.links, name="campaign_links"),
    path(f"{_ONE}people/<int:pk>/leave-out/", campaign.leave_out, name="leave_out"),
    path(f"{_ONE}people/<int:pk>/unreachable/", campaign.unreachable, name="unreachable"),
]
