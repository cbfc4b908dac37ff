"""Which cases there are: how many of each plot, who has them, and when they begin."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from random import Random

from cases.demo import clock, plots
from cases.demo.actions import OPEN
from cases.demo.clock import DAY, HOUR, dice
from cases.demo.company import Company
from cases.demo.customers import batch
from cases.demo.programme import FIRST, PLOTS, TAIL, Plot
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


class Casting:
    """Gives every plot its story, product, customer and agent, in turn and by chance."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.general = [story for story in stories() if not story.major]
        self.heavy = [story for story in stories() if story.major]
        self.turns = {name: count() for name in ("general", "heavy", "case", *feedback())}
        self.uses = {story.key: count() for story in self.heavy}
        self.tellings = {story.key: count() for story in self.heavy}
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
        if story.major:
            # Few stories, many eyes: each is told in another way the next time.
            which = next(self.tellings[story.key]) % len(texts)
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
            agent=self.company.people[plot.agent or chance.choice(AGENTS)],
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
