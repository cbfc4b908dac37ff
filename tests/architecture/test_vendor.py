"""The front-end libraries in the repository are the ones recorded, whole and by themselves."""

import re

import pytest

from tools import vendor

SYMBOLS = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (vendor.STATIC / "icons.svg").read_text()))
NAMED = re.compile(r"""{%\s*icon\s+["']([a-z0-9-]+)["']|\bicon=["']([a-z0-9-]+)["']""")
USED = re.compile(r"""icon\(["']([a-z0-9-]+)["']\)""")
ADDRESS = re.compile(r"""url\(\s*["']?(?!data:|#)([^)"']+)""")


def shipped(*suffixes):
    return [path for path in sorted(vendor.VENDOR.rglob("*")) if path.suffix in suffixes]


def test_files_are_the_recorded_ones():
    assert list(vendor.problems()) == []


@pytest.mark.parametrize("package", vendor.manifest(), ids=lambda package: package["name"])
def test_package_says_where_it_comes_from(package):
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert package["integrity"].startswith("sha512-")
    assert package["licence"] in {"MIT", "0BSD", "Apache-2.0", "bpmn.io"}
    assert len((vendor.VENDOR / package["licence_text"]).read_text()) > 400


def test_changed_file_is_noticed(tmp_path, monkeypatch):
    file = {"to": "a.js", "sha256": vendor.sha256(b"one")}
    package = {"name": "a", "licence_text": "LICENSES/htmx.txt", "file": [file]}
    monkeypatch.setattr(vendor, "manifest", lambda: [package])
    monkeypatch.setattr(vendor, "STATIC", tmp_path)
    (tmp_path / "a.js").write_bytes(b"two")
    assert "a: static/a.js was changed" in list(vendor.problems())
    (tmp_path / "a.js").unlink()
    assert "a: static/a.js is missing" in list(vendor.problems())


def test_nothing_is_fetched_from_beside():
    """A style sheet that names another file would break the storage of hashed names."""
    for path in shipped(".css"):
        assert ADDRESS.findall(path.read_text(encoding="utf-8")) == [], path.name
    for path in shipped(".css", ".js"):
        assert b"sourceMappingURL" not in path.read_bytes(), path.name


def test_source_map_is_taken_off():
    assert vendor.cleaned(b"a{}\n/*# sourceMappingURL=a.css.map */\n") == b"a{}\n"
    assert vendor.cleaned(b"let a;\n//# sourceMappingURL=a.js.map") == b"let a;\n"
    assert vendor.cleaned(b"let a;//# sourceMappingURL=a.js.map\n") == b"let a;\n"
    assert vendor.cleaned(b"a{}\n") == b"a{}\n"


def test_every_icon_that_a_page_names_is_drawn():
    """Icons named in templates, in nav entries (icon="…") and in our scripts."""
    missing = set()
    for folder, suffix, pattern in (
        ("templates", ".html", NAMED),
        ("workflows", ".py", NAMED),
        ("cases", ".py", NAMED),
        ("surveys", ".py", NAMED),
        ("config", ".py", NAMED),
        ("static/redress", ".js", USED),
    ):
        for path in (vendor.ROOT / folder).rglob(f"*{suffix}"):
            for found in pattern.findall(path.read_text(encoding="utf-8")):
                name = "".join(found)
                if name not in SYMBOLS:
                    missing.add(f"{path.name}: {name}")
    assert missing == set()
