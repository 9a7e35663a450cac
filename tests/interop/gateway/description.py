"""Answers of a gateway beside its OpenAPI description: each has a status and a type that the
description names, and JSON has the members of its schema, all that are required and no others."""

import json
import re

import jsonschema


class Description:
    """`unseen` names the members of JSON answers that are described and that no answer has had."""

    def __init__(self, text):
        self.whole = json.loads(text)
        self.schemas = {}
        for path, methods in self.whole["paths"].items():
            for method, operation in methods.items():
                for status, response in operation["responses"].items():
                    schema = response["content"].get("application/json", {}).get("schema")
                    if schema is not None:
                        self.schemas[path, method, status] = self.strict(schema)
        self.unseen = {name for key, schema in self.schemas.items()
                       for name in self.members(schema, key[0])}

    def strict(self, schema):
        """As JSON Schema, with references and allOf resolved: what is not declared is wrong."""
        if "$ref" in schema:
            return self.strict(self.whole["components"]["schemas"][schema["$ref"].split("/")[-1]])
        out = dict(schema)
        for part in map(self.strict, out.pop("allOf", [])):
            out = {**part, **out,
                   "properties": {**part["properties"], **out.get("properties", {})},
                   "required": part["required"] + out.get("required", [])}
        if "properties" in out:
            out["properties"] = {name: self.strict(member)
                                 for name, member in out["properties"].items()}
            out["additionalProperties"] = False
        if "items" in out:
            out["items"] = self.strict(out["items"])
        if out.pop("nullable", False):
            out["type"] = [out["type"], "null"]
        return out

    def members(self, schema, place):
        for name, member in schema.get("properties", {}).items():
            yield f"{place} {name}"
            yield from self.members(member, f"{place} {name}")
        if "items" in schema:
            yield from self.members(schema["items"], place)

    def path_of(self, target):
        """The path of the description that a request's target is of; None when it is of none."""
        path = target.split("?")[0]
        if path in self.whole["paths"]:
            return path
        patterns = {template: re.escape(template).replace(r"\{path\}", ".+").replace(
            r"\{hash\}", "[^/]+") for template in self.whole["paths"]}
        return next((template for template, pattern in patterns.items()
                     if re.fullmatch(pattern, path)), None)

    def check(self, method, target, answer):
        path = self.path_of(target)
        if path is None:
            assert answer.status == 404, f"{target} is not described, and answers {answer.status}"
            return
        if answer.status == 405:
            assert method.lower() not in self.whole["paths"][path], f"{method} {target}: 405"
            return
        if method == "HEAD":
            return
        response = self.whole["paths"][path][method.lower()]["responses"].get(str(answer.status))
        assert response is not None, f"{method} {target}: {answer.status} is not described"
        kind = answer.headers["Content-Type"].split(";")[0]
        assert kind in response["content"], f"{method} {target}: {kind} is not described"
        schema = self.schemas.get((path, method.lower(), str(answer.status)))
        if schema is not None:
            value = json.loads(answer.body)
            jsonschema.Draft4Validator(schema).validate(value)
            self.unseen -= set(self.seen(schema, value, path))

    def seen(self, schema, value, place):
        if isinstance(value, dict):
            for name in value.keys() & schema.get("properties", {}).keys():
                yield f"{place} {name}"
                yield from self.seen(schema["properties"][name], value[name], f"{place} {name}")
        if isinstance(value, list):
            for element in value:
                yield from self.seen(schema["items"], element, place)
