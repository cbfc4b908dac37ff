"""Coming in and going out: sign-in, the demo's cards, one-time links, sign-out."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain import passwords, signing_in
from accounts.models import User
from accounts.web import demo
from accounts.web.answers import DONE, submit
from accounts.web.forms import NewPasswordForm, SignInForm
from accounts.web.requests import address_of, next_of, wanted_by

PASSWORDS_KEPT_BY = "django.contrib.auth.backends.ModelBackend"


@login_not_required
def landing(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return redirect(settings.LOGIN_URL)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@sensitive_variables("given")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The page, and its form: one message for every failure, 429 after too many."""
    if request.user.is_authenticated:
        return redirect(next_of(request))

    def run(given: dict[str, Any]) -> None:
        login(request, signing_in.sign_in(request, **given, address=address_of(request)))

    form = SignInForm(request.POST or None)
    status = submit(form, run) if request.method == "POST" else 200
    if status == DONE:
        return redirect(next_of(request))
    cards = demo.cards() if settings.DEMO else []
    page = {"form": form, "next": wanted_by(request), "cards": cards, "is_demo": settings.DEMO}
    return render(request, "accounts/sign_in.html", page, status=status)


@login_not_required
@require_POST
def sign_in_demo(request: HttpRequest) -> HttpResponse:
    """One click for one of the cards; in a real installation there is no such page."""
    if not settings.DEMO:
        raise Http404
    names = [card["username"] for card in demo.DEMO_CAST]
    username = request.POST.get("username", "")
    person = get_object_or_404(User, username=username if username in names else "", is_active=True)
    login(request, person, backend=PASSWORDS_KEPT_BY)
    return redirect(next_of(request))


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@method_decorator(login_not_required, name="dispatch")
class ChoosePassword(PasswordResetConfirmView):
    """Where a one-time link leads. Opening it uses nothing up: mail scanners open links too."""

    template_name = "accounts/choose_password.html"
    form_class = NewPasswordForm  # type: ignore[assignment]
    success_url = reverse_lazy("accounts:sign_in")

    def get_user(self, uidb64: str) -> Any:
        person = super().get_user(uidb64)
        return person if person is not None and person.is_active else None

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs["person"] = kwargs.pop("user")
        return kwargs

    def form_valid(self, form: Any) -> HttpResponse:
        person: Any = self.user
        passwords.choose_password(person=person, password=form.cleaned_data["password"])
        del self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        messages.success(self.request, _("Your password is set. Sign in with it."))
        return redirect(self.get_success_url())
