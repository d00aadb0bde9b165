"""Which release is live: the routes file makes it so, in one rename, and its head says what stands behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from release import Release


@dataclass(frozen=True)
class Standing:
    """A service that the edge leads to."""

    colour: str
    port: int
    definition: str


@dataclass(frozen=True)
class Live:
    generation: int = 0
    release: str = ""
    version: str = ""
    services: Mapping[str, Standing] = field(default_factory=dict)


def read_live(text: str) -> Live:
    generation, release, version = 0, "", ""
    services: dict[str, Standing] = {}
    for line in text.splitlines():
        words = line.split()
        if words[:2] == ["#", "generation"]:
            generation = int(words[2])
        elif words[:2] == ["#", "release"]:
            release, version = words[2], words[3]
        elif words[:2] == ["#", "live"]:
            services[words[2]] = Standing(words[3], int(words[4]), words[5])
    return Live(generation, release, version, services)


def routes_text(release: Release, template: str, live: Live) -> str:
    """The whole file: the head, then the edge's routes with the ports of the live colours."""
    head = [f"# generation {live.generation}", f"# release {release.name} {release.version}"]
    for name, standing in live.services.items():
        head.append(f"# live {name} {standing.colour} {standing.port} {standing.definition}")
        template = template.replace(f"@{name}@", str(standing.port))
    return "\n".join(head) + "\n" + template.replace("@generation@", str(live.generation))


def renumbered(text: str, generation: int) -> str:
    """The same routes under another number: the edge may still show theirs, having not read those after them yet."""
    text = re.sub(r"^# generation .*", f"# generation {generation}", text, flags=re.MULTILINE)
    return re.sub(r"^(.*Berth-Generation.*?)\d+", rf"\g<1>{generation}", text, flags=re.MULTILINE)
