"""
Compares requests with the models of Azure's APIs that Microsoft publishes as Python packages (azure-mgmt-*).

Reads one JSON object a line from standard input and writes one answer a line: what the model of a resource does not
allow in a request, and the version of the API that the model is of. A request has the names of the SDKs, which
Pulumi's provider has as well: `networkRuleSet` is the model's `network_rule_set`, which Azure calls `networkAcls`.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from enum import Enum
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

PLAIN: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "long": (int,),
    "float": (int, float),
    "bool": (bool,),
    "iso-8601": (str,),
    "duration": (str,),
    "object": (object,),
    "any": (object,),
    "JSON": (object,),
}


def compact(name: str) -> str:
    """Returns a name without what distinguishes the spellings of SDKs: `diskSizeGB` is `disk_size_gb`."""
    return name.replace("_", "").lower()


@lru_cache
def choices(cls: type, models: ModuleType) -> dict[str, list[str]]:
    """Returns the values of each attribute that has an enumeration; a model tells it in its description alone."""
    found: dict[str, list[str]] = {}
    for attribute, kind in re.findall(
        r":(?:var|param)type (\w+):\s+(.+?)(?=\n\s*:|\n\s*\n|\Z)", cls.__doc__ or "", re.DOTALL
    ):
        named = re.search(r"str or\s+~[\w.]+\.(\w+)", kind)
        enumeration = getattr(models, named.group(1), None) if named else None
        if isinstance(enumeration, type) and issubclass(enumeration, Enum):
            found[attribute] = [str(one.value) for one in enumeration]
    return found


def chosen(cls: type, value: dict[str, Any], models: ModuleType) -> type:
    """Returns the model of a value whose model depends on one of its members."""
    for member, names in getattr(cls, "_subtype_map", {}).items():
        for key, kind in names.items():
            if value.get(member) == key:
                return getattr(models, kind)
    return cls


def flaws(cls: type, value: Any, path: str, models: ModuleType) -> list[str]:
    """Returns every way in which a value is not what a model allows."""
    if not isinstance(value, dict):
        return [f"{path} is {value!r}, and {cls.__name__} is an object"]
    cls = chosen(cls, value, models)
    attributes = {compact(name): name for name in cls._attribute_map}
    found = []
    given: dict[str, tuple[str, Any]] = {}
    for key, inner in value.items():
        name = attributes.get(compact(key))
        if name is None:
            found.append(f"{path}.{key} is unknown to {cls.__name__}")
        else:
            given[name] = (key, inner)
    for name, rules in cls._validation.items():
        if rules.get("required") and not rules.get("readonly") and not rules.get("constant") and name not in given:
            found.append(f"{path}.{name} is missing")
    for name, (key, inner) in given.items():
        rules = cls._validation.get(name, {})
        if rules.get("readonly"):
            found.append(f"{path}.{key} is for Azure alone to set")
        found += bounds(rules, inner, f"{path}.{key}")
        allowed = choices(cls, models).get(name)
        if allowed and isinstance(inner, str) and inner not in allowed:
            found.append(f"{path}.{key} is {inner!r}, and none of {', '.join(allowed)}")
        found += typed(cls._attribute_map[name]["type"], inner, f"{path}.{key}", models)
    return found


def bounds(rules: dict[str, Any], value: Any, path: str) -> list[str]:
    """Returns what a value breaks of the limits that a model sets it."""
    found = []
    size = len(value) if isinstance(value, (str, list)) else None
    number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    for limit, count, broken in (
        ("max_length", size, lambda count, most: count > most),
        ("min_length", size, lambda count, least: count < least),
        ("max_items", size, lambda count, most: count > most),
        ("min_items", size, lambda count, least: count < least),
        ("maximum", number, lambda count, most: count > most),
        ("minimum", number, lambda count, least: count < least),
    ):
        if limit in rules and count is not None and broken(count, rules[limit]):
            found.append(f"{path} is {value!r}, and its {limit} is {rules[limit]}")
    if "pattern" in rules and isinstance(value, str) and not re.search(rules["pattern"], value):
        found.append(f"{path} is {value!r}, which {rules['pattern']} does not describe")
    return found


def typed(kind: str, value: Any, path: str, models: ModuleType) -> list[str]:
    """Returns what a value is not of the type that a model names."""
    if kind in PLAIN:
        allowed = PLAIN[kind]
        wrong = not isinstance(value, allowed) or (isinstance(value, bool) and allowed in ((int,), (int, float)))
        return [f"{path} is {value!r}, and {kind} is asked for"] if wrong else []
    if kind.startswith("["):
        if not isinstance(value, list):
            return [f"{path} is {value!r}, and a list is asked for"]
        return [flaw for n, one in enumerate(value) for flaw in typed(kind[1:-1], one, f"{path}[{n}]", models)]
    if kind.startswith("{"):
        if not isinstance(value, dict):
            return [f"{path} is {value!r}, and an object is asked for"]
        return [flaw for key, one in value.items() for flaw in typed(kind[1:-1], one, f"{path}.{key}", models)]
    return flaws(getattr(models, kind), value, path, models)


@lru_cache
def version_of(package: str) -> str:
    """Returns the version of the API that a package is of: in its name, or in all of its operations."""
    module = importlib.import_module(f"azure.mgmt.{package}")
    named = re.search(r"v(\d{4})_(\d\d)_(\d\d)(?:_(preview))?$", package)
    if named:
        return "-".join(part for part in named.groups() if part)
    counts: dict[str, int] = {}
    for file in (Path(module.__file__ or "").parent / "operations").glob("*.py"):
        for version in re.findall(r'"(20\d\d-\d\d-\d\d(?:-preview)?)"', file.read_text()):
            counts[version] = counts.get(version, 0) + 1
    return max(counts, key=lambda version: counts[version])


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        package = request["package"]
        models = importlib.import_module(f"azure.mgmt.{package}.models")
        model, value = getattr(models, request["model"]), request["value"]
        if "location" in model._attribute_map and not model._validation.get("location", {}).get("readonly"):
            # The provider adds the location of its configuration where a resource has one
            value.setdefault("location", request["location"])
        found = flaws(model, value, request["model"], models)
        print(json.dumps({"flaws": found, "version": version_of(package)}), flush=True)


if __name__ == "__main__":
    main()
