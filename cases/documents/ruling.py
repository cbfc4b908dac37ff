"""The ruling of an arbitration (仲裁裁定书) as a document to sign and to file."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from cases.documents.blocks import (
    Bar,
    Block,
    Document,
    Fact,
    Facts,
    Heading,
    Nothing,
    Section,
    Table,
)
from cases.documents.parts import known, lines, listed, page_words, signed
from cases.documents.plain import moment
from cases.domain.papers import SignedBy
from cases.domain.ruling_document import Ruling, Voice


def document(ruling: Ruling, *, printed: str, author: str) -> Document:
    """The ruling in the language in force; `printed` says when and for whom."""
    made = {
        _("What is disputed"): disputed(ruling),
        _("Statements of the parties"): statements(ruling),
        _("Ruling"): decided(ruling),
        _("Appeal"): appeal(ruling),
        _("Signatures"): signatures(ruling),
    }
    return Document(
        title=_("Arbitration ruling"),
        subtitle=ruling.title,
        number=f"{ruling.number} / {ruling.place}",
        company=ruling.company,
        head=head(ruling),
        sections=tuple(
            Section(str(place), title, tuple(blocks) or (Nothing(_("Not recorded.")),))
            for place, (title, blocks) in enumerate(made.items(), start=1)
        ),
        foot=printed,
        page=page_words(),
        author=author,
        digest=ruling.digest,
        digest_name=_("Content (SHA-256)"),
    )


def head(ruling: Ruling) -> Facts:
    return Facts(
        (
            Fact(_("Case"), ruling.number),
            Fact(_("Ruling no."), str(ruling.place)),
            known(_("Customer"), ruling.customer),
            known(_("Product"), ruling.product),
            Fact(_("Ruled by"), ruling.by),
            Fact(_("Ruled at"), moment(ruling.at)),
        )
    )


def disputed(ruling: Ruling) -> Iterator[Block]:
    yield Facts(
        (
            Fact(_("Matters"), listed(ruling.matters), wide=True),
            known(_("Opened by"), ruling.opened_by),
            known(_("Opened at"), moment(ruling.opened_at)),
            known(_("Statements until"), moment(ruling.window_until)),
            known(_("Replaces ruling no."), str(ruling.replaces or "")),
        )
    )


def statements(ruling: Ruling) -> Iterator[Block]:
    for voice in ruling.voices:
        yield Heading(voice.department)
        yield from said(voice)
    if ruling.evidence:
        yield Heading(_("Evidence"))
        yield Table(
            (_("File"), _("Added by"), _("At"), "SHA-256"),
            tuple(
                (one.name, one.by, moment(one.at), f"{one.sha256[:16]}…") for one in ruling.evidence
            ),
            (55, 25, 30, 40),
        )


def said(voice: Voice) -> Iterator[Block]:
    if voice.at is None:
        yield Nothing(_("Was asked and did not state anything."))
        return
    at = moment(voice.at)
    late = _("%(at)s, after the deadline") % {"at": at} if voice.late else at
    told = (
        (_("Facts established"), voice.facts),
        (_("Cause"), voice.cause),
        (_("Responsibility"), voice.responsibility),
        (_("Measure"), voice.measure),
        (_("Grounds of the dispute"), voice.grounds),
    )
    yield Facts(
        (
            Fact(_("Stated by"), voice.by),
            Fact(_("At"), late),
            *(Fact(name, text, wide=True) for name, text in told if text),
        )
    )


def decided(ruling: Ruling) -> Iterator[Block]:
    yield Table(
        (_("Department"), _("Share of responsibility"), ""),
        tuple(
            (name, f"{percent} %", _("in the lead") if name == ruling.department else "")
            for name, percent in ruling.shares
        ),
        (80, 40, 30),
    )
    yield Bar(ruling.shares)
    yield Facts(
        (
            Fact(_("Ruling and its reasons"), ruling.ruling, wide=True),
            known(_("Effects"), ruling.effects, wide=True),
        )
    )


def appeal(ruling: Ruling) -> Iterator[Block]:
    made = ruling.appeal
    if made is None:
        yield Nothing(_("No appeal has been made."))
        return
    new = made.new_ruling
    decided = (
        Fact(_("Outcome of the appeal"), made.state, wide=True),
        Fact(_("Decision by"), made.decided_by),
        Fact(_("At"), moment(made.decided_at)),
        Fact(_("Decision"), made.decision, wide=True),
        *((Fact(_("Replaced by ruling no."), str(new), wide=True),) if new else ()),
    )
    yield Facts(
        (
            Fact(_("Appeal by"), lines(made.department, made.by)),
            Fact(_("At"), moment(made.at)),
            Fact(_("Grounds"), made.grounds, wide=True),
            *(decided if made.decided_at else decided[:1]),
        )
    )


def signatures(ruling: Ruling) -> Iterator[Block]:
    """Who ruled without signing in the system has a line for the pen."""
    by_pen = SignedBy(_("Ruled as above."), ruling.by, (), ruling.at)
    yield signed(ruling.signatures or (by_pen,))
