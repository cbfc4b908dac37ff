"""The 8D report of a case as a document: D0 to D8, each of which says when it holds nothing."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from cases.documents.blocks import (
    Block,
    Branch,
    Document,
    Fact,
    Facts,
    Heading,
    Nothing,
    Pictures,
    Section,
    Table,
    Tree,
)
from cases.documents.parts import known, lines, listed, page_words, recorded, signed, wide
from cases.documents.plain import moment
from cases.domain.eight_d.report import AtOnce, EightD, Implemented, Outline


def document(report: EightD, *, printed: str, author: str) -> Document:
    """The report in the language in force; `printed` says when and for whom."""
    made = {
        "D0": (_("Symptom and emergency response"), d0(report)),
        "D1": (_("Team"), d1(report)),
        "D2": (_("Problem description"), d2(report)),
        "D3": (_("Interim containment"), d3(report)),
        "D4": (_("Root causes"), d4(report)),
        "D5": (_("Chosen corrective actions"), d5(report)),
        "D6": (_("Implemented corrective actions"), d6(report)),
        "D7": (_("Preventing recurrence"), d7(report)),
        "D8": (_("Closure and thanks"), d8(report)),
    }
    return Document(
        title=_("8D report"),
        subtitle=report.title,
        number=report.number,
        company=report.company,
        head=head(report),
        sections=tuple(
            Section(code, title, tuple(blocks) or (Nothing(_("Not recorded yet.")),))
            for code, (title, blocks) in made.items()
        ),
        foot=printed,
        page=page_words(),
        author=author,
    )


def head(report: EightD) -> Facts:
    return Facts(
        (
            Fact(_("Case"), report.number),
            Fact(_("Kind"), f"{report.kind} ({report.severity})"),
            known(_("Customer"), report.customer),
            known(_("Product"), report.product),
            known(_("Batch or serial number"), report.batch),
            known(_("Occurred on"), moment(report.occurred_on)),
            Fact(_("Received at"), moment(report.received_at)),
            known(_("Closed at"), moment(report.closed_at)),
            known(_("Responsible department"), report.department),
            Fact(_("State"), report.state),
        )
    )


# ---------------------------------------------------------------------------- D0 to D3
def d0(report: EightD) -> Iterator[Block]:
    yield from wide((_("Symptom"), report.symptom), (_("Remedy sought"), report.remedy_sought))
    yield from at_once(_("Emergency response"), report.emergency)


def at_once(title: str, deeds: Iterable[AtOnce]) -> Iterator[Block]:
    rows = tuple(
        (
            lines(deed.number, deed.what),
            lines(deed.department, deed.by),
            lines(deed.text, quantity(deed)),
            lines(deed.state, moment(deed.at)),
        )
        for deed in deeds
    )
    if rows:
        yield Heading(title)
        yield Table(
            (_("Measure"), _("Who"), _("What was done"), _("State")), rows, (28, 29, 63, 30)
        )


def quantity(deed: AtOnce) -> str:
    if deed.quantity is None:
        return ""
    return _("Quantity contained: %(n)s") % {"n": deed.quantity}


def d1(report: EightD) -> Iterator[Block]:
    rows = tuple(
        (member.name, member.department, "\n".join(member.parts)) for member in report.team
    )
    if rows:
        yield Table((_("Name"), _("Department"), _("Part in this case")), rows, (30, 50, 70))


def d2(report: EightD) -> Iterator[Block]:
    problem = report.problem
    yield Facts(
        tuple(
            recorded(name, text, wide=True)
            for name, text in (
                (_("What is wrong"), problem.what),
                (_("Where"), problem.where),
                (_("Occurred on"), problem.when),
                (_("Persons concerned"), problem.who),
                (_("Why it matters"), problem.why),
                (_("How noticed"), problem.how),
                (_("Quantity affected"), problem.how_many),
                (_("Facts established"), problem.facts),
                (_("How verified"), problem.verified),
            )
        )
    )


def d3(report: EightD) -> Iterator[Block]:
    yield from at_once(_("Containment measures"), report.containment)


# ---------------------------------------------------------------------------- D4 to D6
def d4(report: EightD) -> Iterator[Block]:
    shares = "\n".join(f"{name}: {percent} %" for name, percent in report.shares)
    yield from wide(
        (_("Cause"), report.cause),
        (_("Cause as stated by the department"), report.stated_cause),
        (_("Cause and approach"), report.approval.summary),
        (_("Responsibility as ruled"), shares),
    )
    for one in report.causes:
        yield Heading(f"{one.number} {one.title}")
        yield tree(_("Why it occurred"), one.occurrence)
        yield tree(_("Why it was not caught"), one.escape)
        yield Facts((recorded(_("Cause factor"), one.factor, wide=True),))


def tree(name: str, outline: Outline) -> Block:
    """A 5-Why tree with its root causes marked."""
    if not outline:
        return Facts((recorded(name, "", wide=True),))
    after = [depth for depth, _text in outline[1:]] + [-1]
    return Tree(
        name,
        tuple(
            Branch(
                depth,
                _("Why %(n)s") % {"n": depth} if depth else _("Symptom"),
                text,
                is_end=depth > 0 and below <= depth,
            )
            for (depth, text), below in zip(outline, after, strict=True)
        ),
        _("root cause"),
    )


def d5(report: EightD) -> Iterator[Block]:
    yield from wide((_("Remedy as stated by the department"), report.remedy))
    rows = tuple(
        (
            lines(one.number, one.kind),
            lines(one.title, one.description),
            lines(one.department, one.owner),
            lines(one.criterion, _("due %(at)s") % {"at": moment(one.due)} if one.due else ""),
        )
        for one in report.chosen
    )
    if rows:
        yield Table(
            (_("Action"), _("Measure"), _("Who"), _("Criterion and due date")),
            rows,
            (28, 62, 25, 35),
        )
    if report.approval.steps:
        yield Heading(_("Decision"))
        yield Table(
            (_("Step"), _("Name"), _("At")),
            tuple((step, name, moment(at)) for step, name, at in report.approval.steps),
            (60, 50, 40),
        )


def d6(report: EightD) -> Iterator[Block]:
    for one in report.implemented:
        if not one.prevents:
            yield from carried_out(one)
    if report.photos:
        yield Heading(_("Evidence in pictures"))
        yield Pictures(
            tuple(
                (photo.path, "  ".join(filter(None, (photo.number, photo.name, moment(photo.at)))))
                for photo in report.photos
            )
        )


def carried_out(one: Implemented) -> Iterator[Block]:
    yield Heading(f"{one.number} {one.title}")
    yield Facts(
        (
            Fact(_("State"), one.state),
            recorded(_("Submitted"), lines(one.by, moment(one.at))),
            recorded(_("What was done"), one.result, wide=True),
            recorded(_("Evidence"), files(one), wide=True),
            *(Fact(name, text, wide=True) for name, text in watch(one)),
            recorded(_("Verification"), one.verification, wide=True),
            recorded(
                _("Verified by"),
                lines(one.verified_by, moment(one.verified_at)),
                wide=True,
            ),
        )
    )


def files(one: Implemented) -> str:
    return "\n".join(f"{name}  {moment(at)}" for name, at in one.evidence)


def watch(one: Implemented) -> Iterator[tuple[str, str]]:
    """The window in which the effect was watched, and what was found."""
    if one.watched:
        since, until = map(moment, one.watched)
        text = _("from %(since)s to %(until)s") % {"since": since, "until": until}
        yield _("Effect watched"), lines(text, one.finding)
    elif one.finding:
        yield _("Effect watched"), one.finding


# ---------------------------------------------------------------------------- D7 and D8
def d7(report: EightD) -> Iterator[Block]:
    for one in report.implemented:
        if one.prevents:
            yield from carried_out(one)
    if report.checked:
        yield Heading(_("Read-across"))
        yield Table(
            (_("Product or site"), _("Action"), _("Result"), _("What was found"), _("Checked")),
            tuple(
                (one.place, one.number, one.result, one.note, lines(one.by, moment(one.at)))
                for one in report.checked
            ),
            (34, 28, 21, 37, 30),
        )
    said = report.lessons
    if said.changes is not None:
        changed = _("Yes") if said.changes else _("No")
        yield Heading(_("Lessons learned"))
        yield from wide(
            (_("Similar cases looked at"), said.similar),
            (_("The risk register or a procedure changes"), lines(changed, said.documents)),
            (_("Lessons learned"), said.lessons),
        )


def d8(report: EightD) -> Iterator[Block]:
    told = report.told
    if told:
        yield Heading(_("Reply to the customer"))
        answered = lines(told.answer, told.answer_text, moment(told.answered_at))
        yield from wide(
            (_("Reply"), lines(told.text, moment(told.at))),
            (_("Customer's answer"), answered),
        )
    if report.closed_at:
        yield Heading(_("Closure"))
        yield Facts(
            (Fact(_("Closed by"), report.closed_by), Fact(_("Closed at"), moment(report.closed_at)))
        )
    if report.signatures:
        yield Heading(_("Signatures"))
        yield signed(report.signatures)
    if report.closed_at and report.team:
        names = listed(member.name for member in report.team)
        thanks = _("The company thanks everybody who worked on this case: %(names)s.")
        yield from wide((_("Thanks to the team"), thanks % {"names": names}))
