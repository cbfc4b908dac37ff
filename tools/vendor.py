"""Front-end libraries: fetched once by version, committed, and never fetched at run time.

static/vendor/VENDOR.toml says which package, version, licence and files; this tool packs each
package with npm, compares npm's own integrity, copies only the files named there, builds the icon
sprite out of the icons named there, and writes the sums back.

    python -m tools.vendor            fetch all packages again and write the sums
    python -m tools.vendor --check    compare the committed files with the sums; no network
"""

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.project import ROOT, report

STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
MANIFEST = VENDOR / "VENDOR.toml"
HEADER = """# Front-end libraries in this repository. `python -m tools.vendor` fetches them anew and
# writes the sums; to change a version, edit it here and take its integrity out.

"""
# A map of the source is not shipped: its address would make the storage of hashed names fail.
_SOURCE_MAP = re.compile(rb"\n?(?://[#@]|/\*[#@])\s*sourceMappingURL=[^\n]*?(?:\*/)?\s*\Z")
_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_EMPTY_SQUARE = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>')

Package = dict[str, Any]


def manifest() -> list[Package]:
    packages: list[Package] = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["package"]
    return packages


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def problems() -> Iterator[str]:
    """What differs between the committed files and their sums; files nobody accounts for."""
    known = {MANIFEST}
    for package in manifest():
        licence = VENDOR / package["licence_text"]
        known.add(licence)
        if not licence.is_file():
            yield f"{package['name']}: its licence {package['licence_text']} is missing"
        for file in package["file"]:
            path = STATIC / file["to"]
            known.add(path)
            if not path.is_file():
                yield f"{package['name']}: static/{file['to']} is missing"
            elif sha256(path.read_bytes()) != file["sha256"]:
                yield f"{package['name']}: static/{file['to']} was changed"
    for path in sorted(VENDOR.rglob("*")):
        if path.is_file() and path not in known:
            yield f"{path.relative_to(ROOT)} is in no package of VENDOR.toml"


def pack(package: Package, folder: Path) -> Path:
    """Fetch a package with npm. Raises SystemExit if it is not the one recorded."""
    name = f"{package['name']}@{package['version']}"
    answer = subprocess.run(
        ["npm", "pack", "--json", "--silent", "--pack-destination", str(folder), name],
        check=True,
        capture_output=True,
        text=True,
    )
    path = folder / json.loads(answer.stdout)[0]["filename"].replace("@", "").replace("/", "-")
    digest = hashlib.sha512(path.read_bytes()).digest()
    integrity = f"sha512-{base64.b64encode(digest).decode()}"
    if package.setdefault("integrity", integrity) != integrity:
        raise SystemExit(f"{name} is not what was recorded: {integrity}")
    return path


def member(archive: tarfile.TarFile, name: str) -> bytes:
    stream = archive.extractfile(f"package/{name}")
    if stream is None:
        raise SystemExit(f"no file {name} in {archive.name!r}")
    return stream.read()


def cleaned(content: bytes) -> bytes:
    """Without the address of a source map; with one newline at the end."""
    return _SOURCE_MAP.sub(b"", content).rstrip() + b"\n"


def sprite(archive: tarfile.TarFile, names: list[str]) -> bytes:
    """One file of symbols, drawn in the colour and stroke width of the text around them."""
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">']
    for name in sorted(set(names)):
        drawing = _DRAWING.search(member(archive, f"icons/outline/{name}.svg").decode())
        if drawing is None:
            raise SystemExit(f"the icon {name} is no drawing")
        body = " ".join(_EMPTY_SQUARE.sub("", drawing[1]).split()).replace(" />", "/>")
        lines.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
            f'stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
        )
    return "\n".join([*lines, "</svg>", ""]).encode()


def copy(package: Package, archive: tarfile.TarFile) -> None:
    for file in package["file"]:
        icons = package.get("icons")
        content = sprite(archive, icons) if icons else cleaned(member(archive, file["from"]))
        target = STATIC / file["to"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        file["sha256"] = sha256(content)
    licence = package.get("licence_from")
    if licence:
        text = member(archive, licence).replace(b"\r\n", b"\n").rstrip() + b"\n"
        (VENDOR / package["licence_text"]).write_bytes(text)


def written(packages: list[Package]) -> str:
    """The manifest as text; tables and keys in the order in which a person reads them."""
    keys = ["name", "version", "licence", "licence_from", "licence_text", "integrity", "note"]
    lines: list[str] = []
    for package in packages:
        lines.append("[[package]]")
        lines += [f"{key} = {json.dumps(package[key])}" for key in keys if key in package]
        if "icons" in package:
            lines += ["icons = [", *(f'    "{name}",' for name in sorted(set(package["icons"])))]
            lines.append("]")
        for file in package["file"]:
            lines.append("[[package.file]]")
            lines += [f"{key} = {json.dumps(value)}" for key, value in file.items()]
        lines.append("")
    return HEADER + "\n".join(lines)


def fetch() -> None:
    packages = manifest()
    with tempfile.TemporaryDirectory(prefix="redress-vendor-") as name:
        for package in packages:
            with tarfile.open(pack(package, Path(name))) as archive:
                copy(package, archive)
            print(f"{package['name']} {package['version']}")
    MANIFEST.write_text(written(packages), encoding="utf-8")


if __name__ == "__main__":
    if "--check" not in sys.argv:
        fetch()
    sys.exit(report("vendor", list(problems())))
