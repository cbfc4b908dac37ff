"""The files an operator copies say what the code can do."""

import json
import re
import shlex
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
from celery.bin.celery import celery
from click.testing import CliRunner
from django.conf import settings

from workflows.lanes import LANES

pytestmark = pytest.mark.sqlite_only
DEPLOY = settings.BASE_DIR / "deploy"
HOME = "/opt/redress/"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OPERATING = (settings.BASE_DIR / "docs" / "operating.md").read_text(encoding="utf-8")


def unit(path: Path) -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


def command(path: Path) -> list[str]:
    return shlex.split(unit(path)["Service"]["ExecStart"].replace("%%", "%"))


def container_commands() -> list[list[str]]:
    texts = [
        (DEPLOY / name).read_text(encoding="utf-8") for name in ("Containerfile", "compose.yaml")
    ]
    found = re.findall(r'^(?:CMD|\s+command:) (\[".*\])$', "\n".join(texts), re.M)
    return [json.loads(text) for text in found]


def starts(words: list[str]) -> None:
    """Whether the program is there and takes these words; it is not started."""
    program, arguments = words[0], words[1:]
    assert (Path(sys.executable).parent / program).exists(), program
    if program == "celery":
        # Asked for help it reads all its words, and the app they name, before it answers.
        answer = CliRunner().invoke(celery, [*arguments, "--help"])
        assert answer.exit_code == 0, answer.output
    else:
        check = [sys.executable, "-m", program, "--check-config", *arguments]
        assert subprocess.run(check, cwd=settings.BASE_DIR, check=False).returncode == 0


def queues(words: list[str]) -> set[str]:
    return set(words[words.index("--queues") + 1].split(",")) if "--queues" in words else set()


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_runs_what_there_is_where_the_guide_puts_it(path):
    told = unit(path)
    assert told["Unit"]["Description"] and told["Install"]["WantedBy"] == "multi-user.target"
    service = told["Service"]
    assert service["WorkingDirectory"] + "/" == HOME
    assert service["EnvironmentFile"] == "/etc/redress.env"
    assert service["ReadWritePaths"] == "/var/lib/redress"
    assert path.name in OPERATING
    words = command(path)
    assert words[0].startswith(f"{HOME}.venv/bin/")
    starts([words[0].removeprefix(f"{HOME}.venv/bin/"), *words[1:]])


def test_the_units_are_web_workers_and_clock_and_serve_every_queue():
    assert [path.stem for path in UNITS] == [
        "redress-beat", "redress-delivery", "redress-web", "redress-worker",
    ]  # fmt: skip
    served = set().union(*(queues(command(path)) for path in UNITS))
    assert served == {lane.queue for lane in LANES}


def test_the_containers_do_what_the_units_do():
    commands = [words for words in container_commands() if words[0] in {"gunicorn", "celery"}]
    web = command(DEPLOY / "systemd" / "redress-web.service")
    for words in commands:
        if words[0] == "gunicorn":
            assert [word for word in words[1:] if ":" not in word] == [
                word for word in web[1:] if ":" not in word
            ]
        else:
            starts(words)
    assert len(commands) == len(UNITS)
    assert set().union(*map(queues, commands)) == {lane.queue for lane in LANES}


def test_what_the_image_copies_is_there_and_nothing_of_the_code_is_missing():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    sources = [
        source for line in re.findall(r"^COPY (.+)$", text, re.M) for source in line.split()[:-1]
    ]
    assert sources
    for source in sources:
        assert (settings.BASE_DIR / source).exists(), source
    apps = {name for name in settings.INSTALLED_APPS if (settings.BASE_DIR / name).is_dir()}
    assert apps | {"config", "templates", "static", "locale", "manage.py"} <= set(sources)


def test_the_guide_names_every_lane_and_every_setting_of_the_example():
    for lane in LANES:
        assert f"`{lane.name}`" in OPERATING
    example = (DEPLOY / "redress.env.example").read_text(encoding="utf-8")
    for name in re.findall(r"^([A-Z_]+)=", example, re.M):
        assert f"`{name}`" in OPERATING


def test_the_guide_names_every_setting_of_the_code():
    code = (settings.BASE_DIR / "config" / "settings.py").read_text(encoding="utf-8")
    named = set(re.findall(r'"(REDRESS_[A-Z_]+)"', code))
    told = set(re.findall(r"`(REDRESS_[A-Z_]+)`", OPERATING))
    told |= {f"REDRESS_EMAIL{part}" for part in re.findall(r"`(_[A-Z]+)`", OPERATING)}
    assert named <= told
