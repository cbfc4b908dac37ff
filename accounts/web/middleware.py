"""What holds for every request: who is signed in, and which language they read."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import translation


class SignedInMiddleware(LoginRequiredMiddleware):
    """Every page asks for a sign-in, unless its view is marked `login_not_required`."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """A page leads to the sign-in and back; a fragment answers 401, and its script says so.

        Nobody is led back to an address that only takes posts: the page the form stood on is.
        """
        if getattr(request, "htmx", False) or request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        back = request.get_full_path()
        if request.method not in {"GET", "HEAD"}:
            page = urlsplit(request.headers.get("Referer", ""))
            back = page.path if page.netloc == request.get_host() else ""
        url = resolve_url(self.get_login_url(view_func))
        return redirect_to_login(back, url) if back else HttpResponseRedirect(url)


class PersonMiddleware:
    """Speak the signed-in person's language unless the language switch set a cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if not chosen and request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)
