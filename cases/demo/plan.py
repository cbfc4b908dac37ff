"""Which cases there are: how many of each plot, who has them, and when they begin."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from random import Random

from cases.demo import clock, plots
from cases.demo.actions import OPEN
from cases.demo.clock import DAY, HOUR, dice
from cases.demo.company import Company
from cases.demo.customers import batch
from cases.demo.script import AGENTS, Script
from cases.demo.texts import (
    ORGANISATIONS,
    URGENT,
    Story,
    Words,
    audience,
    feedback,
    measures,
    phrases,
    stories,
    words_of,
)
from cases.domain.customers import add_delivery
from cases.enums import CustomerType, Kind
from cases.models import Customer, Product

# Eighteen months of six-day weeks.
SPAN = 78 * 6 * DAY
TAIL = "reply satisfied close"


@dataclass(frozen=True)
class Plot:
    """`many` cases of one plot in the full company, `few` in the small one.

    `at` lists the departments (or, for running actions, the measures) that take turns; `kind` is
    what came in. A plot with a bar still waits at the load moment.
    """

    many: int
    few: int
    path: str
    at: str = ""
    kind: str = Kind.COMPLAINT
    major: bool = False
    story: str = ""

    @property
    def is_open(self) -> bool:
        return "|" in self.path


WORKSHOPS = "HQ LINER ELEC MK GAS PU CTRL HP AS RD WL LINER ELEC MK EAST QS"
FIRST = "log ack accept"
# Of major incidents: asked for, looked into, ruled, proved.
ASKED = "investigate convene"
LOOKED = f"respond {ASKED}"
HEAVY = f"log {LOOKED}"
RULED = f"{HEAVY} opinions judge draft check"
WATCHED = "approve:closed+closed+watched"
PROVED = f"draft check {WATCHED}"
PLOTS = [
    # What ended.
    Plot(34, 1, f"{FIRST} answer remedy {TAIL}"),
    Plot(7, 1, f"{FIRST} answer remedy reply no_answer close"),
    Plot(5, 0, f"{FIRST} edit answer back_statement answer:more remedy {TAIL}"),
    Plot(4, 1, f"{FIRST} back_triage accept answer remedy {TAIL}", at="truth"),
    Plot(4, 0, f"{FIRST} hand_over:chengang>songjianguo answer remedy {TAIL}", at="LINER"),
    Plot(4, 0, f"{FIRST} dispute rule answer:经仲裁后复核： remedy {TAIL}", at="truth"),
    Plot(4, 1, f"{FIRST} dispute hear rule:70 answer:经仲裁后复核： remedy {TAIL}", at="truth"),
    Plot(2, 0, f"{FIRST} dispute rule_same answer:按仲裁结论： remedy {TAIL}", at="truth"),
    Plot(14, 1, f"{FIRST} comment:handler answer order:closed verify {TAIL}"),
    Plot(6, 0, f"{FIRST} answer order:closed+reworked verify {TAIL}"),
    Plot(2, 1, f"{FIRST} answer order:granted verify {TAIL}"),
    Plot(2, 0, f"{FIRST} answer order:refused verify {TAIL}"),
    Plot(1, 1, f"{FIRST} answer order:lapsed verify {TAIL}"),
    Plot(3, 0, f"{FIRST} answer order:redirected verify {TAIL}",
         at="pipe_design supplier_change rotor_spec"),
    Plot(3, 0, f"{FIRST} answer propose settle remedy {TAIL}"),
    Plot(5, 1, f"{FIRST} answer remedy reply unsatisfied order:closed verify {TAIL}"),
    Plot(2, 0, f"{FIRST} answer remedy reply unsatisfied remedy {TAIL}"),
    Plot(2, 0, f"{FIRST} answer order:closed verify back_review:reply remedy {TAIL}"),
    Plot(4, 1, f"{FIRST} dispute rule answer order:closed+cancelled verify {TAIL}", at="truth"),
    Plot(3, 0, f"{FIRST} answer remedy {TAIL} reopen accept answer order:closed verify {TAIL}"),
    Plot(7, 1, "log ack reject", at="hard"),
    Plot(4, 1, "log ack withdraw", at="hard"),
    Plot(2, 0, f"{FIRST} answer order:accepted withdraw"),
    Plot(6, 1, "log ack merge"),
    Plot(4, 1, "log ack convert:inquiry give"),
    Plot(3, 0, f"log to_complaint ack accept answer remedy {TAIL}", kind=Kind.INQUIRY),
    Plot(2, 0, f"log to_complaint ack accept answer remedy {TAIL}", kind=Kind.RETURN),
    Plot(13, 1, "log give", kind=Kind.INQUIRY),
    Plot(9, 1, "log give", kind=Kind.OPINION),
    Plot(8, 1, "log give", kind=Kind.PRAISE),
    Plot(7, 1, "log give", kind=Kind.RETURN),
    # Heavy ones that ended.
    Plot(2, 0, f"{HEAVY} opinions judge {PROVED} verify {TAIL}", kind=Kind.INCIDENT, major=True),
    Plot(2, 0, f"log ack major {LOOKED} opinions:late judge draft:vague back_measures {PROVED}"
         f" verify {TAIL}", major=True),
    Plot(1, 1, f"log respond freeze:WL flag:media_exposed {ASKED} opinions minutes judge draft"
         f" check approve:closed+closed+watched+proved verify {TAIL} countersign",
         kind=Kind.INCIDENT, major=True, story="media"),
    Plot(1, 1, f"{HEAVY} opinions:missing judge appeal:upheld flag:legal_liability {PROVED}"
         f" verify unflag:legal_liability {TAIL}", kind=Kind.INCIDENT, major=True, story="fire"),
    Plot(1, 1, f"{HEAVY} opinions judge appeal:revised draft:vague back_measures draft check"
         f" approve:closed+closed+watched+watched verify {TAIL}",
         kind=Kind.INCIDENT, major=True, story="board_batch"),
    Plot(1, 1, f"log respond freeze:WL {ASKED} opinions judge:engineer draft check"
         f" approve:closed+closed+recurred verify {TAIL}",
         kind=Kind.INCIDENT, major=True, story="tank_burst"),
    Plot(1, 1, f"{FIRST} answer order:begun raise_up {LOOKED} opinions judge carry:"
         f"submit+verify+close dismissed:legal_liability {PROVED} verify {TAIL}",
         major=True, story="shock"),
    Plot(1, 1, f"{HEAVY} opinions lower accept answer remedy {TAIL}",
         kind=Kind.INCIDENT, major=True, story="scald"),
    Plot(1, 1, "log respond investigate:unfounded",
         kind=Kind.INCIDENT, major=True, story="gas_leak"),
    Plot(1, 0, f"{HEAVY} opinions:short judge {PROVED} verify reply unsatisfied"
         f" draft:customer_visit check approve:closed verify {TAIL}",
         kind=Kind.INCIDENT, major=True, story="falling"),
    Plot(1, 0, f"log ack major {LOOKED} flag:legal_liability opinions judge {PROVED} verify"
         f" {TAIL} countersign", major=True, story="tank_burst"),
    # What waits at the load moment.
    Plot(5, 1, "log | acknowledge"),
    Plot(5, 1, "log ack | triage"),
    Plot(2, 1, "log ack claim:zhoumin | triage"),
    Plot(8, 2, f"{FIRST} | statement", at=WORKSHOPS),
    Plot(4, 1, f"{FIRST} claim | statement", at="LINER MK HQ GAS"),
    Plot(1, 1, f"{FIRST} claim:wulei | statement", at="ELEC"),
    Plot(4, 1, f"{FIRST} dispute | arbitration", at="truth"),
    Plot(4, 0, f"{FIRST} answer | review"),
    Plot(2, 1, f"{FIRST} answer claim:wangfang | review"),
    Plot(3, 1, f"{FIRST} answer order:closed+assigned | corrective_action.accept",
         at="weld_param management_budget torque_tool"),
    Plot(2, 1, f"{FIRST} answer order:returned | corrective_action.assign",
         at="pipe_design rotor_spec"),
    Plot(3, 1, f"{FIRST} answer order:accepted | corrective_action.plan",
         at="promo_review leak_test install_card"),
    Plot(7, 1, f"{FIRST} answer order:running+running | corrective_action.implement",
         at="system_batch management_budget promo_review weld_param torque_tool supplier_valve"
         " firmware_release"),
    Plot(2, 1, f"{FIRST} answer order:asked | extension.decide", at="furnace_alarm scan_link"),
    Plot(3, 1, f"{FIRST} answer order:submitted | corrective_action.verify"),
    Plot(2, 1, f"{FIRST} answer order:verified | corrective_action.close"),
    Plot(2, 1, f"{FIRST} answer propose | review"),
    Plot(2, 0, f"{FIRST} answer order:closed+running add:assigned | corrective_action.accept"),
    Plot(4, 1, f"{FIRST} answer order:closed | verification"),
    Plot(5, 1, f"{FIRST} answer remedy | reply"),
    Plot(5, 1, f"{FIRST} answer remedy reply | feedback"),
    Plot(4, 1, f"{FIRST} answer remedy reply satisfied | closing"),
    Plot(1, 0, f"{FIRST} answer remedy reply satisfied claim:liqiang | closing"),
    Plot(1, 0, f"{FIRST} answer remedy {TAIL} reopen | triage"),
    Plot(1, 0, f"{FIRST} answer remedy {TAIL} reopen accept | statement"),
    Plot(1, 0, "log to_complaint ack | triage", kind=Kind.RETURN),
    Plot(3, 1, "log | feedback.answer", kind=Kind.INQUIRY),
    Plot(2, 0, "log | feedback.answer", kind=Kind.OPINION),
    Plot(1, 0, "log | feedback.answer", kind=Kind.PRAISE),
    Plot(2, 0, "log | feedback.answer", kind=Kind.RETURN),
    Plot(1, 0, f"{FIRST} proposed:media_exposed answer | review"),
    Plot(1, 1, f"{FIRST} dispute hear:open | arbitration", at="truth"),
    # Heavy ones that wait, in every step of the incident.
    Plot(1, 1, "log | response.carry_out", kind=Kind.INCIDENT, major=True, story="gas_leak"),
    Plot(1, 0, "log respond:acknowledgement+containment freeze:WL | investigate",
         kind=Kind.INCIDENT, major=True, story="co_alarm"),
    Plot(1, 1, f"{FIRST} answer raise_up respond | investigate", major=True, story="shock"),
    Plot(1, 1, "log respond investigate | convene",
         kind=Kind.INCIDENT, major=True, story="falling"),
    Plot(1, 1, f"{HEAVY} opinions:1 | opinion.file",
         kind=Kind.INCIDENT, major=True, story="co_alarm"),
    Plot(1, 0, f"log ack major {LOOKED} opinions:2 | opinion.file", major=True,
         story="board_batch"),
    Plot(1, 1, f"log respond moved:media_exposed {ASKED} opinions:missing | arbitration",
         kind=Kind.INCIDENT, major=True, story="media"),
    Plot(1, 1, f"{HEAVY} opinions judge:engineer appeal:open | measures",
         kind=Kind.INCIDENT, major=True, story="co_alarm"),
    Plot(1, 0, f"{HEAVY} opinions judge draft:vague back_measures | measures",
         kind=Kind.INCIDENT, major=True, story="tank_burst"),
    Plot(1, 1, f"{HEAVY} opinions judge appeal:open draft | completeness",
         kind=Kind.INCIDENT, major=True, story="scald"),
    Plot(1, 1, f"{HEAVY} opinions judge draft check | approval",
         kind=Kind.INCIDENT, major=True, story="bulletin"),
    Plot(1, 0, f"{RULED} approve:closed+closed+running | corrective_action.implement",
         kind=Kind.INCIDENT, major=True, story="scald"),
    Plot(1, 1, f"{RULED} approve:closed+closed+submitted | corrective_action.verify",
         kind=Kind.INCIDENT, major=True, story="falling"),
    Plot(1, 1, f"{RULED} approve:closed+closed+watching | corrective_action.window",
         kind=Kind.INCIDENT, major=True, story="fire"),
    Plot(1, 0, f"{RULED} approve:closed+closed+passed | corrective_action.verify",
         kind=Kind.INCIDENT, major=True, story="gas_leak"),
    Plot(1, 0, f"{RULED} {WATCHED} | verification",
         kind=Kind.INCIDENT, major=True, story="bulletin"),
    Plot(1, 1, f"{RULED} {WATCHED} verify reply satisfied | closing",
         kind=Kind.INCIDENT, major=True, story="board_batch"),
    Plot(1, 1, f"log respond flag:media_exposed {ASKED} opinions judge {PROVED} verify {TAIL}"
         " | countersignature", kind=Kind.INCIDENT, major=True, story="bulletin"),
]  # fmt: skip


class Casting:
    """Gives every plot its story, product, customer and agent, in turn and by chance."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.general = [story for story in stories() if not story.major]
        self.heavy = [story for story in stories() if story.major]
        self.turns = {name: count() for name in ("general", "heavy", "case", *feedback())}
        self.uses = {story.key: count() for story in self.heavy}
        self.watched: dict[str, set[str]] = {}
        for story in self.heavy:
            self.watched.setdefault(story.cause, set()).update(story.models)

    def story(self, plot: Plot, turn: int) -> Story:
        """The next story; of those that fit where the plot names a department or a measure."""
        pool = self.heavy if plot.major else self.general
        if plot.story:
            return next(story for story in pool if story.key == plot.story)
        start = next(self.turns["heavy" if plot.major else "general"])
        if not plot.at:
            return pool[start % len(pool)]
        around = [pool[(start * 7 + step) % len(pool)] for step in range(len(pool))]
        wanted = plot.at.split()[turn % len(plot.at.split())]
        fits: dict[str, Callable[[Story], bool]] = {
            "truth": lambda story: bool(story.truth),
            "hard": lambda story: not story.is_soft,
        }
        fit = fits.get(wanted, lambda s: wanted == s.department or wanted in s.measures)
        return next(story for story in around if fit(story))

    def opened(self, plot: Plot) -> dict[str, list[str]] | None:
        """What an inquiry, opinion, praise or return says; None for a complaint at heart."""
        kind = "inquiry" if "convert:inquiry" in plot.path else plot.kind
        if kind not in feedback() or "to_complaint" in plot.path:
            return None
        pool = feedback()[kind]
        return pool[next(self.turns[kind]) % len(pool)]

    def script(self, plot: Plot, turn: int, share: float) -> Script:
        """One case, laid out from its first to its last event; `share` is its place in time."""
        chance = dice("case", next(self.turns["case"]))
        story, opened = self.story(plot, turn), self.opened(plot)
        texts = opened["texts"] if opened else story.texts
        which = chance.randrange(len(texts))
        customer = self.customer(chance, texts[which], plot.kind)
        product = self.product(chance, story, customer, opened)
        received = (self.company.base - timedelta(days=round(530 * (1 - share)) + 6)).date()
        made = received - timedelta(days=chance.randint(70, 600))
        words = words_of(
            chance,
            model=product.code,
            batch=batch(chance, product.code, f"{made:%y%m}"),
            city=customer.city,
            received=received,
            age=(received - made).days,
        )
        words.update(contact_of(chance, customer))
        s = Script(
            company=self.company,
            chance=chance,
            story=story,
            customer=customer,
            product=product,
            words=words,
            agent=self.company.people[AGENTS[chance.randrange(len(AGENTS))]],
            kind=plot.kind,
            major=plot.major and plot.kind == Kind.INCIDENT,
            department=story.department,
            turn=turn,
            share=share,
            measures=self.measures(plot, turn, story),
            again=self.again,
        )
        if opened:
            s.title, s.text, s.want = words.fill(opened["titles"][0]), words.fill(texts[0]), ""
            words["answer"] = words.pick(chance, opened["answers"])
        else:
            self.tell(s, which)
        words["title"] = s.title
        plots.play(s, plot.path, turn + len(plot.path))
        return s

    def again(self, first: Script) -> Script:
        """Another customer complains of the same product, with the same cause."""
        chance = dice("again", first.words["batch"])
        story = replace(first.story, major=False, **first.handling["again"])
        customer = chance.choice(self.company.customers[CustomerType.END])
        words = Words(first.words)
        words.update(
            contact_of(chance, customer), city=customer.city, title=words.fill(story.titles[0]),
            batch=batch(chance, first.product.code, first.words["batch"].split("-")[-2]),
        )  # fmt: skip
        s = Script(
            company=self.company, chance=chance, story=story, customer=customer,
            product=first.product, words=words, agent=first.agent, department=story.department,
            category=story.category, title=words["title"], text=words.fill(story.texts[0]),
            want=words.fill(story.wants[0]),
        )  # fmt: skip
        plots.play(s, f"{FIRST} answer remedy {TAIL}", 0)
        return s

    def tell(self, s: Script, which: int) -> None:
        """Title, text and wish of a complaint: those of one variant belong together."""
        story, chance, words = s.story, s.chance, s.words
        s.category = story.category
        titles, wants = (
            texts[which % len(texts)] if len(texts) == len(story.texts) else chance.choice(texts)
            for texts in (story.titles, story.wants)
        )
        s.title, s.want = words.fill(titles), words.fill(wants)
        text = story.texts[which]
        detail = chance.choice(phrases()[self.details(s)])
        told = "{batch}" in text and "{batch}" in detail
        fresh = any(word in titles + text for word in ("{days}", "{weeks}", "{months}", "新"))
        if told or (fresh and "{bought}" in detail):
            detail = ""
        s.text = words.fill(text + detail)

    def details(self, s: Script) -> str:
        """The pool of remarks that fit who complains of what."""
        if s.customer.type == CustomerType.DIRECT:
            return "detail_direct"
        if s.customer not in self.company.customers[CustomerType.END]:
            return "detail_site"
        if s.story.category in URGENT and s.chance.random() < 0.4:
            return "detail_urgent"
        return "detail_soft" if s.story.is_soft else "detail"

    def product(
        self, chance: Random, story: Story, customer: Customer, opened: dict[str, list[str]] | None
    ) -> Product:
        """A model of a line that fits; big units for hotels and schools, none of them at home."""
        line = chance.choice(story.lines)
        words = "".join(opened["titles"] + opened["texts"]) if opened else ""
        if "空气能" in words:
            line = "heatpump"
        elif "燃气" in words or "零冷水" in words or "气种" in words:
            line = "gas"
        models = self.company.lines[line]
        if story.models and not opened:
            every = [model for line in story.lines for model in self.company.lines[line]]
            models = [model for model in every if model.code.startswith(tuple(story.models))]
            line = ""
        if story.major:
            return models[next(self.uses[story.key]) % len(models)]
        if not opened:
            # The same product and cause while an effect is watched would be a recurrence.
            kept = self.watched.get(story.cause, ())
            models = [model for model in models if model.code not in kept]
        if line == "heatpump" and customer.type != CustomerType.DIRECT:
            big = customer in self.company.customers["organisation"]
            models = [model for model in models if model.code.startswith("KS-") == big]
        return chance.choice(models)

    def measures(self, plot: Plot, turn: int, story: Story) -> list[str]:
        """The story's own measures; the one that the plot asks for comes last among open ones."""
        wanted = plot.at.split()[turn % len(plot.at.split())] if plot.at else ""
        if wanted not in measures():
            return list(story.measures)
        rest = [name for name in story.measures if name != wanted]
        order = plot.path.partition("order:")[2].split(" ")[0].split("+")
        return [*rest[:1], wanted] if order[0] not in OPEN and rest else [wanted, *rest]

    def customer(self, chance: Random, text: str, kind: str) -> Customer:
        who = audience(text)
        if who == "end" and kind == Kind.INQUIRY and chance.random() < 0.35:
            who = CustomerType.POTENTIAL
        elif who == "end" and kind == Kind.COMPLAINT and chance.random() < 0.12:
            who = CustomerType.DIRECT
        fitting = self.company.customers[who]
        for word, names in ORGANISATIONS.items():
            if who == "organisation" and word in text:
                fitting = [c for c in fitting if any(name in c.name for name in names)] or fitting
        return chance.choice(fitting)


def contact_of(chance: Random, customer: Customer) -> dict[str, str]:
    """How we speak of and to the customer."""
    if customer.type == CustomerType.END:
        title = chance.choice(["先生", "女士"])
        return {"name": f"{customer.name[0]}{title}", "contact": customer.name}
    contacts = list(customer.contacts.all())
    person = chance.choice(contacts).name if contacts else customer.name
    return {"name": f"{person[0]}经理", "contact": person}


def scripts(company: Company, *, small: bool) -> list[Script]:
    """All scripts with their place in time; deliveries of their products are written."""
    casting, base = Casting(company), clock.position(company.base)
    turns = [(plot, turn) for plot in PLOTS for turn in range(plot.few if small else plot.many)]
    shares = spread(turns)
    chosen = [
        (plot, casting.script(plot, turn, share))
        for (plot, turn), share in zip(turns, shares, strict=True)
    ]
    for plot, script in chosen:
        if plot.is_open:
            script.finish(base)
        else:
            room = SPAN - script.cursor - 2 * HOUR
            script.start = base - SPAN + round(room * script.share)
    attach_twins(chosen, base)
    written = [script for _plot, script in chosen]
    for script in list(written):
        for offset, other in script.echoes:
            other.start = script.start + offset
            written.append(other)
    deliver(written)
    return written


def spread(turns: list[tuple[Plot, int]]) -> list[float]:
    """Where in the eighteen months each case begins, from 0 to 1 (1 for what is still open):
    evenly mixed, a little denser towards the end."""
    chance = dice("spread")
    places = [number for number, (plot, _turn) in enumerate(turns) if not plot.is_open]
    chance.shuffle(places)
    shares = [1.0] * len(turns)
    for rank, number in enumerate(places):
        place = (rank + chance.random()) / len(places)
        shares[number] = 0.6 * place + 0.4 * place**0.5
    return shares


def attach_twins(chosen: list[tuple[Plot, Script]], base: int) -> None:
    """A case to be merged tells the story of another one that came in shortly before."""
    survivors = [
        s for plot, s in chosen
        if plot.kind == Kind.COMPLAINT and not plot.major and "remedy" in plot.path
        and s.cursor > 12 * HOUR
    ]  # fmt: skip
    chance = dice("twins")
    chance.shuffle(survivors)
    twins = [s for plot, s in chosen if plot.path.endswith("merge")]
    for twin, original in zip(twins, survivors, strict=False):
        twin.survivor = original
        twin.story, twin.product, twin.category = (
            original.story,
            original.product,
            original.category,
        )
        if twin.customer.type != original.customer.type or original.customer.contacts.exists():
            # The same house calls again.
            twin.customer = original.customer
            twin.words.update(contact_of(chance, twin.customer))
        twin.words.update(model=original.product.code, batch=original.words["batch"])
        twin.title = twin.words["title"] = twin.words.fill(original.story.titles[-1])
        text = original.story.texts[-1]
        twin.text = twin.words.fill(text) + "与此前同批次反映的现象一致。"
        twin.want = twin.words.pick(chance, original.story.wants)
        twin.start = original.start + round(chance.uniform(0.5, 5) * HOUR)
        if twin.start + twin.cursor > base:
            twin.finish(base)


def deliver(written: list[Script]) -> None:
    """What each customer complains about had been delivered before."""
    for s in written:
        if s.customer.type == CustomerType.POTENTIAL:
            continue
        day = clock.moment(s.start) - timedelta(days=int(s.words["months"]) * 30 + 7)
        add_delivery(
            by=s.agent,
            customer=s.customer,
            product=s.product,
            batch=s.words["batch"],
            quantity=1 if s.customer.type == CustomerType.END else int(s.words["pieces"]),
            delivered_on=day.date(),
        )
