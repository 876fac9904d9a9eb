"""Runs the cases of ../cases.json with the official Python SDK, and prints one JSON object a line.

Usage: driver.py RUN.json, a file that the runner writes: where the emulator is, its keys, the cases,
the kind of signature, and whether the asynchronous methods are to be used.
"""

import asyncio
import base64
import inspect
import io
import json
import pathlib
import re
import sys
import time

from alibabacloud_imagesearch20201214 import models
from alibabacloud_imagesearch20201214.client import Client
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.runtime import RuntimeOptions

POLLS = 200


def main():
    run = json.loads(pathlib.Path(sys.argv[1]).read_text())
    say({"known": {operation: known(operation) for operation in operations()}})
    saved = {}
    for case in run["cases"]:
        say({"case": case["name"], **outcome(run, case, saved)})


def say(line):
    print(json.dumps(line), flush=True)


def operations():
    """Lists the operations that the SDK has a request for."""
    names = (name.removesuffix("Request") for name in dir(models) if name.endswith("Request"))
    return sorted(name for name in names if not name.endswith("Advance"))


def known(operation):
    """Lists the parameters and the fields of the answer that the SDK has for an operation."""
    parameters = set(wire_names(getattr(models, operation + "Request")))
    advance = getattr(models, operation + "AdvanceRequest", None)
    if advance:
        parameters |= set(wire_names(advance))
    fields = paths_of(getattr(models, operation + "ResponseBody"), "")
    return {"parameters": sorted(parameters), "fields": sorted(fields)}


def wire_names(model):
    return [wire for _, wire, _ in members(model)]


def members(model):
    """Yields the name of each member, its name on the wire, and the text of its type."""
    for name, parameter in inspect.signature(model.__init__).parameters.items():
        if name == "self":
            continue
        # Lists are always in the map, so what was set is found by comparing with an empty one.
        inner = nested(parameter.annotation)
        value = inner() if inner else "x"
        if inner and "List[" in parameter.annotation:
            value = [value]
        empty, filled = model().to_map(), model(**{name: value}).to_map()
        (wire,) = (key for key in filled if filled[key] != empty.get(key))
        yield name, wire, parameter.annotation


def nested(annotation):
    found = re.search(r"main_models\.(\w+)", annotation)
    return getattr(models, found.group(1)) if found else None


def paths_of(model, prefix):
    paths = set()
    for _, wire, annotation in members(model):
        path = prefix + wire
        inner = nested(annotation)
        if inner:
            paths |= paths_of(inner, path + ("[]." if "List[" in annotation else "."))
        else:
            paths.add(path)
    return paths


def outcome(run, case, saved):
    try:
        body, status = call(run, case, saved)
    except Exception as error:  # What the SDK raises is what is to be told.
        code = getattr(error, "code", None)
        told = {"code": code, "status": status_of(error), "message": str(error)}
        return {"error": told if code else {"code": None, "message": repr(error)}}
    fields = sorted(set(paths_in(body, "")))
    return {"status": status, "fields": fields, "body": body}


def status_of(error):
    data = getattr(error, "data", None) or {}
    return getattr(error, "status_code", None) or data.get("statusCode")


def paths_in(value, prefix):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from paths_in(inner, f"{prefix}.{name}" if prefix else name)
    elif isinstance(value, list):
        for inner in value:
            yield from paths_in(inner, prefix + "[]")
    else:
        # A list of plain values is one field.
        yield prefix.removesuffix("[]")


def call(run, case, saved):
    """Calls once, or until a field has the value that the case waits for."""
    for _ in range(POLLS):
        response = call_once(run, case, saved)
        body = response.body.to_map()
        until = case.get("until")
        if not until or at(body, until["path"]) == until["is"]:
            break
        time.sleep(0.05)
    else:
        raise RuntimeError(f"{case['until']} did not come true: {body}")
    for name, path in case.get("save", {}).items():
        saved[name] = at(body, path)
    return body, response.status_code


def at(value, path):
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value.get(part)
        if value is None:
            return None
    return value


def call_once(run, case, saved):
    operation, advance = case["operation"], case.get("advance", False)
    kind = "AdvanceRequest" if advance else "Request"
    model = getattr(models, operation + kind)
    wire = {wire: name for name, wire, _ in members(model)}
    request = model()
    for name, value in case["parameters"].items():
        setattr(request, wire[name], given(run, value, saved))
    client = client_for(run, case)
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", operation).lower()
    method = snake + ("_advance" if advance else "_with_options")
    runtime = RuntimeOptions(ca=run["ca_file"], read_timeout=30000, connect_timeout=5000)
    if run["asynchronous"]:
        return asyncio.run(getattr(client, method + "_async")(request, runtime))
    return getattr(client, method)(request, runtime)


def given(run, value, saved):
    if not isinstance(value, dict):
        return value
    if "saved" in value:
        return saved[value["saved"]]
    content = (pathlib.Path(run["pictures"]) / value["picture"]).read_bytes()
    return io.BytesIO(content) if value["as"] == "stream" else base64.b64encode(content).decode()


def client_for(run, case):
    key = run["keys"][case.get("key", "ordinary")]
    config = Config(
        access_key_id=key["id"],
        access_key_secret=key["secret"],
        security_token=key.get("token"),
        endpoint=run["endpoint"],
        protocol=run["protocol"],
        region_id="cn-shanghai",
        signature_algorithm="v2" if run["signature"] == "HMAC-SHA1" else None,
    )
    client = Client(config)
    # The setting of the same name in Config is not copied here: without this line, uploads leave
    # the machine.
    client._open_platform_endpoint = run["endpoint"]
    return client


main()
