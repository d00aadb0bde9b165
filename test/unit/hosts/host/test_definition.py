"""What changes of a service is told by name, and no value that may be secret is."""

from __future__ import annotations

from pathlib import Path

import definition

COMPOSE = """services:
  app:
    image: registry.test/app:1
    environment:
      TOKEN: "secret-1"
    volumes:
      - /a:/b
    healthcheck:
      test: ["CMD", "/check"]
      interval: 10s
    labels:
      berth.definition: d1
  other:
    image: other:1
networks:
  app:
    external: true
"""


def changes(tmp_path: Path, new: str, service: str = "app") -> str:
    (tmp_path / "former").write_text(COMPOSE, encoding="utf-8")
    (tmp_path / "new").write_text(new, encoding="utf-8")
    return definition.changes(tmp_path / "former", tmp_path / "new", service)


def test_images_are_told_with_their_values_and_all_else_by_name(tmp_path: Path) -> None:
    new = COMPOSE.replace("app:1", "app:2").replace("secret-1", "secret-2").replace("d1", "d2")
    assert changes(tmp_path, new) == "environment, image registry.test/app:1 → registry.test/app:2"


def test_a_part_that_comes_or_goes_is_told(tmp_path: Path) -> None:
    new = COMPOSE.replace("    volumes:\n      - /a:/b\n", "").replace("image: r", "user: x\n    image: r")
    assert changes(tmp_path, new) == "user, volumes"


def test_how_often_health_is_looked_at_is_no_change(tmp_path: Path) -> None:
    assert changes(tmp_path, COMPOSE.replace("interval: 10s", "interval: 30s")) == "in files that it reads"
    assert changes(tmp_path, COMPOSE.replace('"/check"', '"/other"')) == "healthcheck"
    assert changes(tmp_path, COMPOSE.replace("      TOKEN", "      interval: 5\n      TOKEN")) == "environment"


def test_another_service_is_no_change_of_this_one(tmp_path: Path) -> None:
    new = COMPOSE.replace("other:1", "other:2").replace("external: true", "external: false")
    assert changes(tmp_path, new) == "in files that it reads"


def test_of_a_service_that_is_new_nothing_is_told(tmp_path: Path) -> None:
    assert changes(tmp_path, COMPOSE, "nothing") == ""
    assert definition.changes(tmp_path / "missing", tmp_path / "new", "app") == ""
