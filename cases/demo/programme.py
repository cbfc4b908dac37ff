"""The plots: how many cases go which way, and in which step each still waits at the load moment."""

from dataclasses import dataclass

from cases.enums import Kind

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
    agent: str = ""

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
    Plot(1, 1, "log | response.carry_out", kind=Kind.INCIDENT, major=True, story="gas_leak",
         agent="linxiao"),
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
