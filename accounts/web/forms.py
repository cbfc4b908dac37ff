"""Forms about people. What the commands check is not checked here a second time."""

from typing import Any

from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.enums import Function, Role
from accounts.models import Department, Membership, User
from accounts.web.fields import DepartmentField, LineField

# Each language by its own name, so that everybody finds theirs.
LANGUAGES = [(code, LANG_INFO[code]["name_local"]) for code, _name in settings.LANGUAGES]
TELEPHONE = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})


class SignInForm(forms.Form):
    username = LineField(
        label=_("Username"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPasswordForm(forms.Form):
    """A new password, typed twice; the rules are those of the settings."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password, again"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.rules = password_validators_help_texts()

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password

    def clean(self) -> None:
        given = self.cleaned_data
        if "password" in given and "again" in given and given["password"] != given["again"]:
            self.add_error("again", _("The two passwords are not the same."))


class ChangePasswordForm(NewPasswordForm):
    current = forms.CharField(
        label=_("Current password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["current", "password", "again"]

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self.person.check_password(current):
            raise ValidationError(_("This is not your current password."), "current")
        return current


class ProfileForm(forms.Form):
    name = LineField(label=_("Name"), max_length=80)
    phone = LineField(label=_("Phone"), max_length=40, required=False, widget=TELEPHONE)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)


class PersonForm(ProfileForm):
    username = LineField(
        label=_("Username"),
        max_length=150,
        help_text=_("Letters, digits and @ . + - _; this is what the person types to sign in."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    field_order = ["name", "username", "phone", "email", "language"]


class GrantForm(forms.Form):
    """One role in one department."""

    department = DepartmentField(label=_("Department"))
    role = forms.ChoiceField(label=_("Role"), choices=[("", ""), *Role.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].fill()  # type: ignore[attr-defined]


class NewPersonForm(PersonForm):
    """A person and their first role."""

    department = DepartmentField(label=_("Department"))
    role = forms.ChoiceField(label=_("Role"), choices=[("", ""), *Role.choices])
    field_order = ["name", "username", "department", "role", "phone", "email", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].fill()  # type: ignore[attr-defined]


class DepartmentForm(forms.Form):
    name = LineField(label=_("Department name"), max_length=80)
    name_en = LineField(
        label=_("English name"),
        max_length=80,
        required=False,
        help_text=_("Shown to colleagues who read English."),
    )
    code = LineField(
        label=_("Code"), max_length=30, help_text=_("Short and unique; it orders the tree.")
    )
    function = forms.ChoiceField(
        label=_("Function"),
        choices=Function.choices,
        help_text=_("Tells the process which department logs, reviews or repairs."),
    )
    parent = DepartmentField(label=_("Below"), help_text=_("The department it belongs to."))

    def __init__(self, *args: Any, department: Department | None = None, **kwargs: Any) -> None:
        """`department` is the one in hand: it cannot be hung below itself."""
        super().__init__(*args, **kwargs)
        parent: Any = self.fields["parent"]
        parent.fill(without=department)
        # The company itself lies below nothing; so does the very first department.
        top = department is not None and department.parent_id is None
        parent.required = not top and len(parent.choices) > 1


class LeaveForm(forms.Form):
    starts = forms.DateField(label=_("First day"))
    ends = forms.DateField(label=_("Last day"))
    substitute = forms.ModelChoiceField(
        label=_("Substitute"),
        queryset=User.objects.none(),
        help_text=_("Sees what waits for the person who is away, and acts on their behalf."),
    )

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        auditors = Membership.objects.filter(role=Role.AUDITOR, until=None).values("user")
        people = User.objects.filter(is_active=True).exclude(pk__in=auditors)
        if person is not None:
            people = people.exclude(pk=person.pk)
        self.fields["substitute"].queryset = people.order_by("name", "pk")  # type: ignore[attr-defined]


class LeaveOfForm(LeaveForm):
    """Leave that an administrator enters for somebody."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    field_order = ["person", "starts", "ends", "substitute"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = User.objects.filter(is_active=True).order_by("name", "pk")
        self.fields["person"].queryset = active  # type: ignore[attr-defined]


class PeopleFilterForm(forms.Form):
    """What the list of people is narrowed by; nonsense in the address narrows nothing."""

    q = LineField(label=_("Name, username, phone or e-mail"), max_length=80, required=False)
    department = DepartmentField(
        label=_("Department"), required=False, empty_label=_("All departments")
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", _("All roles")), *Role.choices], required=False
    )
    active = forms.ChoiceField(
        label=_("Account"),
        choices=[("", _("Active")), ("no", _("Deactivated")), ("all", _("All"))],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].fill()  # type: ignore[attr-defined]
