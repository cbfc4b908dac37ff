"""People: users, the department tree, who is what in which department, and who stands in."""

from functools import cached_property
from typing import Any, NoReturn

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.enums import Function, Role
from accounts.errors import NeverDeleted
from accounts.permissions import Authority

# Columns of a person that the history leaves out.
UNTRACKED = {"password", "last_login"}


class KeptQuerySet(models.QuerySet):
    """Rows that the record points at: they can be switched off, never removed."""

    def delete(self) -> NoReturn:
        raise NeverDeleted(_("People and departments are deactivated, never deleted."))


class KeptUserManager(UserManager.from_queryset(KeptQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "User":
        """Telephones write the first letter large: Zhoumin and zhoumin are one person."""
        return self.get(username__iexact=username)


class User(AbstractUser):
    """A person who signs in. `name` is written as the person writes it, in one piece."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=80)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=[("zh-hans", _("Simplified Chinese")), ("en", _("English"))],
        default="zh-hans",
    )

    history = HistoricalRecords(excluded_fields=sorted(UNTRACKED))

    objects = KeptUserManager()  # type: ignore[misc]

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="one_person_per_username",
                violation_error_message=_("A person with this username already exists."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Signing in stamps `last_login` and may renew the hash: no change worth a history row."""
        fields = set(kwargs.get("update_fields") or ())
        quiet = bool(fields) and fields <= UNTRACKED and not hasattr(self, "_change_reason")
        if quiet:
            self.skip_history_when_saving = True
        try:
            super().save(*args, **kwargs)
        finally:
            if quiet:
                del self.skip_history_when_saving

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NeverDeleted(_("People and departments are deactivated, never deleted."))

    @cached_property
    def authority(self) -> Authority:
        """What this person may, read once per request: one statement.

        Roles of those whom the person stands in for today come along: they show what the absent
        colleague sees, but open no pool of theirs.
        """
        today = timezone.localdate()
        absent = Leave.objects.filter(substitute=self, starts__lte=today, ends__gte=today)
        rows = (
            Membership.objects.filter(until=None, department__is_active=True)
            .filter(Q(user=self) | Q(user__in=absent.values("user")))
            .order_by("pk")
            .values_list("user_id", "department_id", "role", "department__path")
        )
        return Authority.of(self.pk, rows)


class Department(models.Model):
    """A node of the department tree.

    `path` holds the keys from the root down, like "/1/4/", so that a subtree is one prefix.
    """

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent department"),
    )
    function = models.CharField(
        _("function"), max_length=20, choices=Function.choices, default=Function.OTHER
    )
    path = models.CharField(max_length=200, editable=False, db_index=True)
    is_active = models.BooleanField(_("active"), default=True)
    # The path follows from the parents.
    history = HistoricalRecords(excluded_fields=["path"])

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language; the Chinese one where no English is given."""
        if self.name_en and not (get_language() or "").startswith("zh"):
            return self.name_en
        return self.name

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NeverDeleted(_("People and departments are deactivated, never deleted."))


class Membership(models.Model):
    """One role of one person in one department; ended by a date, never removed."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("department"),
    )
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("granted by")
    )
    history = HistoricalRecords()

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department", "role"],
                condition=Q(until=None),
                name="one_open_membership",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="membership_ends_after"
            ),
        ]
        indexes = [models.Index(fields=["department", "role"], name="membership_pool")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.department}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NeverDeleted(_("A role is ended, never deleted."))


class Leave(models.Model):
    """A person is away from `starts` to `ends` (both included); `substitute` stands in."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="leaves", verbose_name=_("person")
    )
    substitute = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="stands_in", verbose_name=_("substitute")
    )
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="leave_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(substitute=F("user")), name="leave_needs_another_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.substitute}"


class SignInAttempt(models.Model):
    """A failed sign-in, kept while it counts towards a lock-out.

    `account` is a keyed hash: people type passwords into the wrong field.
    """

    account = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "address", "-at"], name="failures_of_account"),
            models.Index(fields=["address", "-at"], name="failures_of_address"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.at:%Y-%m-%d %H:%M}"
