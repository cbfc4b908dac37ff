"""The base of all forms of steps and acts."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy as _

from accounts.demo import DEMO_PASSWORD
from accounts.models import User
from cases.domain.options import Options
from cases.web.forms.fields import (
    ActionNumber,
    CaseNumber,
    Insisted,
    Long,
    Pick,
    PickMany,
    Shares,
    Uploads,
    sentence_of,
)
from workflows.models import EngineModel

# Commands name the files of their input in errors by this word.
ALIASES = {"files": "uploads"}


class StepForm(forms.Form):
    """What a step or an act asks for. `input` is exactly the command's keyword input.

    A choice that needs a reason gets the field `reason`, one that is a signature the field
    `password`; both go to the door and not to the command. Names written in `INPUTS` come from
    somewhere else than a field of this form.
    """

    template = "cases/forms/fields.html"
    INPUTS: tuple[str, ...] = ()
    # What the button says, where the choice's own title would not read well on it.
    submit: Any = ""
    reason_label: Any = _("Reason")

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        subject: EngineModel | None = None,
        by: User | None = None,
        options: Options | None = None,
        needs_reason: bool = False,
        signs: Any = "",
        **given: Any,
    ) -> None:
        super().__init__(data, files, **given)
        self.subject, self.by = subject, by
        self.options = options or Options()
        if needs_reason:
            self.fields["reason"] = Long(label=self.reason_label, rows=3)
        if signs:
            self.fields["password"] = forms.CharField(
                label=_("Your password, as your signature"),
                help_text=declared(signs),
                max_length=128,
                strip=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )
        if subject is not None:
            self.prepare(subject)
        for field in self.fields.values():
            if isinstance(field, Pick | PickMany | Shares):
                field.offer(self.options)
            elif isinstance(field, CaseNumber | ActionNumber) and by is not None:
                field.by = by

    def prepare(self, subject: Any) -> None:
        """Initial values and proposals from the subject; asks the database for nothing."""

    def preset(self, query: Any) -> None:
        """What the address of the page asks for; nothing, for most forms."""

    @classmethod
    def inputs(cls) -> set[str]:
        """The names of the command's keyword input."""
        return {*cls.base_fields, *cls.INPUTS}

    def given(self) -> dict[str, Any]:
        """What goes to the command."""
        return {name: self.cleaned_data[name] for name in self.inputs()}

    @property
    def reason(self) -> str:
        return str(self.cleaned_data.get("reason", ""))

    @property
    def password(self) -> str:
        return str(self.cleaned_data.get("password", ""))

    def refuse(self, error: ValidationError) -> None:
        """Show what the command found wrong at the fields, or on top where there is none."""
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, messages in found.items():
            place = ALIASES.get(name, name)
            for message in messages:
                self.add_error(place if place in self.fields else None, message)
        self.files_again()

    def files_again(self) -> None:
        """A browser does not send chosen files a second time: say so, with their names."""
        for name, field in self.fields.items():
            if not isinstance(field, Uploads) or not self.files:
                continue
            names = ", ".join(file.name or "" for file in self.files.getlist(self.add_prefix(name)))
            if names:
                text = gettext("Please choose these files again: %(names)s") % {"names": names}
                self[name].help_text = text

    def typed(self) -> list[tuple[str, str]]:
        """What the person wrote, with the names of the fields, to be kept when all else fails."""
        return [
            (str(bound.label or ""), text)
            for bound in self
            if not isinstance(bound.field, Uploads | Pick)
            and bound.name != "password"
            and (text := written(bound.value()))
        ]


class PointsOut(forms.Form):
    """A form whose wording may be pointed out: then, and once it was kept, the box shows."""

    insisted = Insisted()

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        kept = self.fields["insisted"].to_python(self["insisted"].value())
        if kept:
            self.show_insisted()

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        if field == "insisted":
            self.show_insisted()

    def show_insisted(self) -> None:
        field = self.fields["insisted"]
        assert isinstance(field, Insisted)
        field.show()


def declared(signs: Any) -> Any:
    """What a signature declares; in demo mode also the password that everybody there has."""
    text = format_lazy("{} {}", _("You declare:"), signs)
    if not settings.DEMO:
        return text
    hint = format_lazy(_("Demo mode: the password of everybody is {}."), DEMO_PASSWORD)
    return format_lazy("{} {}", text, hint)


def written(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "\n".join(text for part in value if part and (text := sentence_of(part)))
    return str(value).strip() if isinstance(value, str) else ""


class Plain(StepForm):
    """A choice that asks for nothing, or for the reason alone."""
