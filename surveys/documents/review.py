"""A management review as a document to sign and to file: what was frozen, and who signed it."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from cases.documents.blocks import (
    Block,
    Document,
    Fact,
    Facts,
    Heading,
    Nothing,
    Prose,
    Section,
    Table,
)
from cases.documents.parts import known, lines, listed, page_words, signed
from cases.domain.papers import SignedBy
from surveys.domain import periods
from surveys.domain.reviews.parts import Part, read
from surveys.domain.reviews.reading import Paper
from surveys.enums import DecisionKind, InputState, Presence

# Which inputs are named with their files only, or with the reason.
WITHOUT_FIGURES = frozenset({InputState.NOT_APPLICABLE})


def document(paper: Paper, *, printed: str, author: str) -> Document:
    """The review in the language in force; `printed` says when and for whom."""
    content = paper.content
    made = {
        _("Participants"): tuple(participants(content)),
        _("Inputs of the review"): tuple(inputs(content)),
        _("Minutes"): (Prose(content["minutes"]),) if content["minutes"] else (),
        _("Decisions"): tuple(decisions(paper)),
        _("Signatures"): (signed(signatures(paper)),),
    }
    return Document(
        title=_("Management review"),
        subtitle=content["title"],
        number=content["number"],
        company=paper.company,
        head=head(content),
        sections=tuple(
            Section(str(place), title, blocks or (Nothing(_("Not recorded.")),))
            for place, (title, blocks) in enumerate(made.items(), start=1)
        ),
        foot=printed,
        page=page_words(),
        author=author,
        digest=paper.digest,
        digest_name=_("Content (SHA-256)"),
        made=paper.made,
    )


def head(content: dict[str, Any]) -> Facts:
    return Facts(
        (
            Fact(_("Period"), periods.read(content["period"]).label),
            Fact(_("Edition of the agenda"), read(named(content["edition"]))),
            Fact(_("Meeting"), content["held_at"]),
            known(_("Venue"), content["place"]),
            known(_("Chair"), content["chair"]),
            Fact(_("Prepared by"), content["prepared_by"]),
        )
    )


def named(value: dict[str, str]) -> dict[str, str]:
    return {key: value[key] for key in ("zh", "en")}


def participants(content: dict[str, Any]) -> Iterator[Block]:
    """Each with a line for the pen: the two signatures of the system stand at the end."""
    words = dict(Presence.choices)
    if content["participants"]:
        yield Table(
            (_("Name"), _("Role"), _("Presence"), _("Signature")),
            tuple(
                (one["name"], one["role"] or "–", str(words[one["presence"]]), "")
                for one in content["participants"]
            ),
            (40, 50, 30, 40),
        )


# ---------------------------------------------------------------------------- inputs
def inputs(content: dict[str, Any]) -> Iterator[Block]:
    words = dict(InputState.choices)
    for one in content["inputs"]:
        yield Heading(f"{one['clause']} {read(one['title'])}")
        facts = [Fact(_("Input"), str(words[one["state"]]), wide=True)]
        if one["reason"]:
            facts.append(Fact(_("Reason"), one["reason"], wide=True))
        files = (f"{file['name']} (SHA-256 {file['sha256'][:16]}…)" for file in one["files"])
        if one["files"]:
            facts.append(Fact(_("Files"), lines(*files), wide=True))
        yield Facts(tuple(facts))
        if one["state"] not in WITHOUT_FIGURES:
            for part in one["parts"]:
                yield from figures(part)


def figures(part: Part) -> Iterator[Block]:
    """A compiled part: its sentence, and its table where it has rows."""
    yield Facts((Fact(read(part["title"]), read(part["summary"]), wide=True),))
    if part["rows"]:
        count = len(part["headings"])
        yield Table(
            tuple(read(one) for one in part["headings"]),
            tuple(tuple(read(cell["text"]) for cell in row["cells"]) for row in part["rows"]),
            (60, *(30 for _turn in range(count - 1))),
        )


# ---------------------------------------------------------------------------- decisions
def decisions(paper: Paper) -> Iterator[Block]:
    """What was decided, with the actions it became once it was signed."""
    words = dict(DecisionKind.choices)
    rows = paper.content["decisions"]
    if not rows:
        yield Nothing(_("Nothing was decided."))
        return
    yield Table(
        (_("No."), _("Decision"), _("Person responsible"), _("Due"), _("Action")),
        tuple(
            (
                str(one["position"]),
                lines(f"{words[one['kind']]}: {one['title']}", one["text"], one["origin"]),
                listed(filter(None, (one["owner"], read(one["department"])))),
                one["due"],
                paper.actions.get(one["position"], "–"),
            )
            for one in rows
        ),
        (12, 80, 35, 30, 30),
    )


def signatures(paper: Paper) -> tuple[SignedBy, ...]:
    """Those of the system; until then two lines for the pen."""
    if paper.signatures:
        return paper.signatures
    return tuple(
        SignedBy("", str(label), (), None)
        for label in (_("Management representative"), _("General manager"))
    )
