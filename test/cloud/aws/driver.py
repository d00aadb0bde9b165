"""
Carries out calls of AWS's APIs against moto, which keeps the state of an account in memory.

Reads one JSON object a line from standard input, and writes one answer a line. Each argument is checked against
the model of the service that AWS publishes with botocore: botocore itself checks types, required members and
minimums, this file also maximums, patterns and enumerations.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.exceptions import ClientError, ParamValidationError
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape
from moto import mock_aws
from moto.s3.models import FakeBucket
from parliament import analyze_policy_string

# Classes of characters that Python's own expressions lack, as members of a class
UNICODE = {
    r"\p{L}": r"a-zA-Z\u00aa\u00b5\u00ba\u00c0-\u02ff\u0370-\uffff",
    r"\p{M}": r"\u0300-\u036f",
    r"\p{Z}": r" \u00a0\u2000-\u200a\u2028\u2029\u3000",
    r"\p{N}": r"0-9\u00b2\u00b3\u00b9",
    r"\p{S}": r"$+<=>^`|~\u00a2-\u00a9",
    r"\p{P}": r"!-#%-*,-/:;?@\[-\]_{}\u00a1",
    r"\p{ASCII}": r"\x00-\x7f",
}

# What a flaw of the models themselves is
FAULTY = {
    # The class ends at its third character, so that no document at all fits
    r"[\u0009\u000A\u000D\u0020-\u00FF]+",
}


def fits(pattern: str, text: str) -> bool:
    """Tells whether the whole text is what the pattern of a model describes."""
    for name, members in UNICODE.items():
        pattern = pattern.replace(name, members)
    return re.fullmatch(pattern, text, re.DOTALL) is not None


def flaws(shape: Shape, value: Any, path: str) -> list[str]:
    """Returns every way in which a value is not what the shape of a model allows."""
    if isinstance(shape, StructureShape):
        members = shape.members
        return [flaw for key, inner in value.items() for flaw in flaws(members[key], inner, f"{path}.{key}")]
    if isinstance(shape, ListShape):
        inner_flaws = [flaw for n, inner in enumerate(value) for flaw in flaws(shape.member, inner, f"{path}[{n}]")]
        return [*bounds(shape, len(value), "entries", path), *inner_flaws]
    if isinstance(shape, MapShape):
        return [
            flaw
            for key, inner in value.items()
            for flaw in [*flaws(shape.key, key, f"{path} key"), *flaws(shape.value, inner, f"{path}.{key}")]
        ]
    if isinstance(shape, StringShape):
        return text_flaws(shape, value, path)
    if shape.type_name in ("integer", "long", "float", "double"):
        return bounds(shape, value, "", path)
    return []


def text_flaws(shape: StringShape, text: str, path: str) -> list[str]:
    found = bounds(shape, len(text), "characters", path)
    if shape.enum and text not in shape.enum:
        found.append(f"{path} is {text!r}, and none of {', '.join(shape.enum[:20])}")
    pattern = shape.metadata.get("pattern")
    if pattern and pattern not in FAULTY and not fits(pattern, text):
        found.append(f"{path} is {text!r}, which {pattern} does not describe")
    return found


def bounds(shape: Shape, size: float, unit: str, path: str) -> list[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if most is not None and size > most:
        return [f"{path} has {size} {unit}, and {most} are allowed".replace("  ", " ")]
    if least is not None and size < least:
        return [f"{path} has {size} {unit}, and at least {least} are needed".replace("  ", " ")]
    return []


of_dictionaries = FakeBucket._log_permissions_enabled_policy


def logging_permitted(target_bucket: Any, target_prefix: str | None) -> bool:
    """Asks moto whether a policy lets S3 write access logs, without statements whose principal is "*": it stumbles there."""
    statements = json.loads(target_bucket.policy or '{"Statement": []}')["Statement"]
    named = [one for one in statements if isinstance(one.get("Principal"), dict)]
    policy = json.dumps({"Statement": named}).encode()
    bucket = SimpleNamespace(policy=policy, partition=target_bucket.partition, name=target_bucket.name)
    return bool(of_dictionaries(bucket, target_prefix))


FakeBucket._log_permissions_enabled_policy = staticmethod(logging_permitted)


class Account:
    """An account without anything in it."""

    def __init__(self) -> None:
        self.mock = mock_aws()
        self.clients: dict[tuple[str, str], Any] = {}
        self.mock.start()

    def empty(self) -> None:
        self.mock.stop()
        self.mock.start()
        self.clients.clear()

    def client(self, service: str, region: str) -> Any:
        key = (service, region)
        if key not in self.clients:
            self.clients[key] = boto3.client(service, region_name=region)
        return self.clients[key]

    def call(self, service: str, operation: str, arguments: dict[str, Any], region: str) -> dict[str, Any]:
        client = self.client(service, region)
        methods = {name: method for method, name in client.meta.method_to_api_mapping.items()}
        model = client.meta.service_model.operation_model(operation)
        found = [] if model.input_shape is None else known_flaws(model.input_shape, arguments, operation)
        if found:
            return {"error": "; ".join(found)}
        try:
            result = getattr(client, methods[operation])(**arguments)
        except ParamValidationError as error:
            return {"error": f"{operation}: {error}"}
        except ClientError as error:
            if error.response["Error"]["Code"] in ("501", "NotImplemented", "NotYetImplemented"):
                return {"lacking": True}
            return {"error": f"{operation}: {error}"}
        except NotImplementedError:
            return {"lacking": True}
        except Exception as error:
            return {"error": f"{operation}: moto itself failed: {error!r}"}
        result.pop("ResponseMetadata", None)
        return {"result": result}


def known_flaws(shape: Shape, arguments: dict[str, Any], operation: str) -> list[str]:
    try:
        return flaws(shape, arguments, operation)
    except (KeyError, AttributeError, TypeError) as error:
        # A member that the model lacks, or a value of another type: botocore's own check says which
        return [] if not isinstance(error, KeyError) else [f"{operation} has no argument {error}"]


def findings(document: str) -> list[str]:
    """Returns what a linter that knows every action of every service finds in a policy."""
    policy = json.loads(document)
    for statement in policy["Statement"]:
        # A policy of who may assume a role has no resource: it is the role's own
        statement.setdefault("Resource", "*")
    analyzed = analyze_policy_string(json.dumps(policy))
    # What a policy grants is chosen; a finding is what AWS would not accept or never apply
    return [
        f"{one.issue}: {one.detail} {one.location.get('string', '')}"
        for one in analyzed.findings
        if one.issue not in ("RESOURCE_STAR",)
    ]


def plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if hasattr(value, "read"):
        return str(value.read(), "utf-8")
    raise TypeError(f"{type(value)} has no form in JSON")


def main() -> None:
    account = Account()
    for line in sys.stdin:
        request = json.loads(line)
        answer: dict[str, Any]
        if "policy" in request:
            answer = {"result": findings(request["policy"])}
        elif "empty" in request:
            account.empty()
            answer = {"result": None}
        else:
            answer = account.call(request["service"], request["operation"], request["arguments"], request["region"])
        print(json.dumps(answer, default=plain), flush=True)


if __name__ == "__main__":
    main()
