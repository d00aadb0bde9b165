"""A machine that the engine before this one released to is taken over as it is."""

from __future__ import annotations

from pathlib import Path

import former
import history
import images
from machine import Machine
from tell import Teller

SETTINGS = "SYSTEM='shop'\nVERSION='1'\nRELEASE='old'\nEDGE_DEFINITION='e1'\n"


def machine(root: Path) -> Machine:
    state = root / "var/lib/berth/shop"
    release = state / "releases/old"
    release.mkdir(parents=True)
    tables = {
        "release.env": SETTINGS,
        "packages": "curl\ndocker.io\n",
        "images": "app:1\n",
        "services.tsv": "# head\napp\tcolours\td1\t21000\t21001\t-\t/health\t60\t2..\t100\nwork\tcolours\tp1\t1\t2\t-\t/\t60\t2..\t9\n",
        "processes.tsv": "# head\nwork\tshop-work\tbuild1\t30\n",
        "files.tsv": "# head\nhost\t0644\t0:0\t-\tsystemd\t/etc/x\nhost\t0644\t0:0\tnginx\t-\t/etc/y\n",
        "sources.tsv": "# head\nbuild1\thttps://git.test/x\tv1\tshop-build\n",
    }
    for name, text in tables.items():
        (release / name).write_text(text, encoding="utf-8")
    (state / "history.tsv").write_text(
        "2026-11-01T00:00:00Z\tolder\t0\n2026-11-02T00:00:00Z\told\t1\n", encoding="utf-8"
    )
    (state / "pulled-images").write_text("app:0\napp:1\n", encoding="utf-8")
    (state / "begun").write_text("base db old\n", encoding="utf-8")
    return Machine("shop", Teller([]), root)


def test_its_release_is_read_from_its_tables(tmp_path: Path) -> None:
    read = former.release_in(machine(tmp_path).releases / "old")
    assert read is not None
    assert (read.system, read.version, read.name, read.images) == ("shop", "1", "old", ("app:1",))
    app, work = read.services
    assert (app.definition, app.blue, app.green, app.process) == ("d1", 21000, 21001, None)
    assert work.process is not None and work.process.build == "build1"
    assert [(file.path, file.activate) for file in read.files] == [("/etc/x", "systemd"), ("/etc/y", None)]
    assert [(build.name, build.repository) for build in read.builds] == [("build1", "https://git.test/x")]


def test_what_went_live_what_was_pulled_and_what_was_begun_is_known_as_before(tmp_path: Path) -> None:
    shop = machine(tmp_path)
    assert [one.release for one in history.went_live(history.read_history(shop), 5)] == ["old", "older"]
    assert list(images.pulled(shop)) == ["app:0", "app:1"]
    assert history.read_begun(shop) == (history.Begun("base", "db", "old"),)
    history.note_live(shop, "new", "2")
    assert [one.release for one in history.went_live(history.read_history(shop), 5)] == ["new", "old", "older"]


def test_a_release_of_a_later_format_is_refused_and_none_is_made_up_of_it(tmp_path: Path) -> None:
    (tmp_path / "release.json").write_text('{"format": 99}', encoding="utf-8")
    assert former.release_in(tmp_path) is None
