"""What changes in a service's definition from one release to the next, in words without a value that may be secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

# They name the definition
_TOLD_ALREADY = {"labels"}


def changes(former: Path, new: Path, service: str) -> str:
    """@returns images with their values and other parts by name; nothing where a release has no such service"""
    before, after = _parts(former, service), _parts(new, service)
    if not before or not after:
        return ""
    names = [name for name in (before.keys() | after.keys()) - _TOLD_ALREADY if before.get(name) != after.get(name)]
    if not names:
        return "in files that it reads"
    told = {"image": f"image{before.get('image', '')} →{after.get('image', '')}"}
    return ", ".join(told.get(name, name) for name in sorted(names))


def _parts(file: Path, service: str) -> Mapping[str, str]:
    """The parts of a service by name, in a compose file as berth writes it: two spaces for each level."""
    parts: dict[str, str] = {}
    section = name = ""
    inside = False
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        if re.match(r" {0,2}\S", line):
            section = section if line.startswith(" ") else line
            inside = section == "services:" and line == f"  {service}:"
        elif inside:
            head = re.match(r" {4}([^\s:]+):(.*)", line)
            name = head.group(1) if head else name
            # How often health is looked at is no part of a definition
            if name == "healthcheck" and line.startswith("      interval:"):
                continue
            parts[name] = parts.get(name, "") + (head.group(2) if head else f"\n{line}")
    return parts
