"""What a request tells about where it comes from and where it wants to go."""

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def address_of(request: HttpRequest) -> str:
    """The client's address. A header is believed only behind our own proxy, and only its end."""
    if settings.BEHIND_PROXY:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        if forwarded:
            return forwarded[:64]
    return str(request.META.get("REMOTE_ADDR", ""))[:64]


def wanted_by(request: HttpRequest) -> str:
    """The page of this site that was asked for before the sign-in; nothing else is believed."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else ""


def next_of(request: HttpRequest) -> str:
    """Where to go after signing in."""
    return wanted_by(request) or resolve_url(settings.LOGIN_REDIRECT_URL)
