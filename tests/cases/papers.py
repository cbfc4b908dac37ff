"""Documents as tests read them: a report full of everything, and the words of a file."""

import shutil
import subprocess
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import docx
from django.utils import timezone
from PIL import Image

from cases.documents import eight_d
from cases.documents.blocks import Document
from cases.documents.printed import handed, printed
from cases.domain.eight_d.report import (
    Approval,
    AtOnce,
    Checked,
    Chosen,
    EightD,
    Implemented,
    Lessons,
    Member,
    Photo,
    Problem,
    RootCause,
    Told,
)
from cases.domain.papers import SignedBy


def day(number: int) -> datetime:
    return datetime(2026, 3, 1, 9, tzinfo=timezone.get_current_timezone()) + timedelta(number)


BARE = EightD(
    number="SG-2026-000012", title="轴承抱死", company="华东精工有限公司", kind="Incident",
    severity="Major", state="In review", customer="华东机电", received_at=day(0),
)  # fmt: skip
FULL = EightD(
    number="SG-2026-000012", title="轴承抱死致停线", company="华东精工有限公司", kind="Incident",
    severity="Major", state="Closed", customer="华东机电", received_at=day(0),
    product="BX-200 轴承", batch="B0315", department="装配车间", occurred_on=date(2026, 2, 27),
    closed_at=day(120), closed_by="李强", symptom="温升 35 ℃", remedy_sought="更换整批",
    emergency=(AtOnce("On site", "售后部", "Done", "", "换 12 套", None, "何静", day(1)),),
    team=(Member("周敏", "客户服务中心", ("Investigated",)), Member("刘喆", "采购部", ("Ruled",))),
    problem=Problem(
        "异响", "三号线", "2026-02-27", "张工", "停线", "电话", "38", "保持架断裂", "拆检"
    ),
    containment=(AtOnce("封存", "仓库", "Done", "CA-2026-0001", "全检", 36, "陈刚", day(2)),),
    cause="装配不当", shares=(("装配车间", 70), ("采购部", 30)),
    causes=(
        RootCause(
            "CA-2026-0002", "压力监控",
            ((0, "抱死"), (1, "压装力不足"), (2, "气压波动"), (1, "无报警")),
            ((0, "流出"), (1, "终检不测压装力")), "Machine",
        ),
    ),
    chosen=(
        Chosen("CA-2026-0002", "Corrective", "压力监控", "低压停机", "装配车间", "陈刚", day(30),
               "No case for 90 days"),
    ),
    approval=Approval("工艺防错", (("Approved the measures", "李强", day(20)),)),
    implemented=(
        Implemented("CA-2026-0002", "压力监控", "Closed", "三台改造", "陈刚", day(28),
                    (("改造后.jpg", day(28)),), (day(29), day(119)), "Cases: 0", "抽检 30 件",
                    "王芳", day(119)),
        Implemented("CA-2026-0003", "修订程序", "Accepted", prevents=True),
    ),
    checked=(Checked("BX-300", "CA-2026-0002", "Affected", "同步改造", "王芳", day(60)),),
    lessons=Lessons("要有下限报警", "近两年 3 件", "新增 R-087", True),
    told=Told("已更换", day(100), "Satisfied", "处理及时", day(101)),
    signatures=(SignedBy("I close it for quality.", "李强", ("Quality manager",), day(120)),),
)  # fmt: skip


def report(given: EightD) -> Document:
    return eight_d.document(given, printed="Printed by 林晓", author="林晓")


def photo(folder: Path, size: tuple[int, int], name: str = "改造.png") -> Photo:
    path = folder / f"{size[0]}x{size[1]}"
    Image.new("RGB", size, "#446688").save(path, "PNG")
    return Photo(path, name, day(28), "CA-2026-0002")


def words_of_pdf(document: Document) -> str:
    """The text on the pages where pdftotext is there, else the text handed over to be set."""
    made = printed(document)
    assert made.startswith(b"%PDF")
    return read_pdf(made) if shutil.which("pdftotext") else joined(texts(handed(document)[0]))


def read_pdf(made: bytes) -> str:
    command = ["pdftotext", "-layout", "-", "-"]
    done = subprocess.run(command, input=made, capture_output=True, check=True)
    return joined([done.stdout.decode()])


def missing_in_pdf(made: bytes, said) -> list[str]:
    """What a finished file does not say; it is read only where pdftotext is installed."""
    assert made.startswith(b"%PDF")
    words = read_pdf(made) if shutil.which("pdftotext") else "".join(said)
    return [text for text in said if text not in words]


def texts(value) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in texts(one)]


def words_of_word(made: bytes) -> str:
    """Everything that is written in the body, in its order."""
    body = docx.Document(BytesIO(made)).element.body
    return joined([found.text or "" for found in body.iter() if found.tag.endswith("}t")])


def joined(parts: list[str]) -> str:
    """Without blanks and break marks: a line may end anywhere in Chinese."""
    return "".join("".join(parts).split()).replace("\u200b", "")


def squeezed(text: str) -> str:
    return joined([text])
