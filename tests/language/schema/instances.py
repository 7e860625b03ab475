"""Values that a JSON Schema allows, drawn with a fixed seed, and small changes to values.

Understands what `sagalab schema` writes and no more. What was not drawn yet is drawn first, so that
a few documents have every key and every verb in them.
"""

import copy
import json
import re

REFERENCE = "#/definitions/"
SIZE = 40   # so many objects in a document, and then only what is required
DEPTH = 12


def references(schema):
    return re.findall(rf'"\$ref": "{REFERENCE}([^"]+)"', json.dumps(schema))


class Instances:
    def __init__(self, schema, random):
        self.definitions = schema["definitions"]
        self.root = schema
        self.random = random
        self.missing = {(name, key) for name, definition in self.definitions.items()
                        for key in definition.get("properties", ())
                        if name != "what-is-replayed"}
        self.reached = {name: self.all_below(name) for name in self.definitions}
        self.names = 0
        self.left = 0

    def all_below(self, name):
        found, open_names = set(), [name]
        while open_names:
            one = open_names.pop()
            if one not in found:
                found.add(one)
                open_names += references(self.definitions[one])
        return found

    def document(self):
        """A scenario without what other files and cases say: the schema cannot judge that."""
        beside = ("$schema", "scenario", "include", "replays", "cases", "params")
        return {"scenario": "drawn", **self.some(self.root, "file", beside)}

    def case(self):
        return self.some(self.definitions["case"], "case", ())

    def some(self, schema, place, without):
        """A few parts of a file, so that each of them can be large."""
        self.left = SIZE
        keys = self.random.sample([key for key in schema["properties"] if key not in without], 3)
        self.missing.difference_update((place, key) for key in keys)
        return self.members(schema["properties"], keys, place, 0)

    def value(self, schema, place, depth):
        if "$ref" in schema:
            place = schema["$ref"].removeprefix(REFERENCE)
            schema = self.definitions[place]
        if depth > DEPTH:
            self.left = 0
        if "else" in schema:
            return self.verb(schema, place, depth)
        if "anyOf" in schema and "properties" not in schema:
            return self.option(schema["anyOf"], place, depth)
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if "integer" in kinds and "object" in kinds:
            return self.random.choice([{"a": [1, None, {"b": True}]}, "text", 7, [], True])
        if "object" in kinds:
            return self.object(schema, place, depth)
        if "array" in kinds:
            return self.array(schema, place, depth)
        if "boolean" in kinds:
            return self.random.random() < 0.5
        if "integer" in kinds and ("examples" not in schema or self.random.random() < 0.5):
            return schema["minimum"] + self.random.randrange(3)
        return self.text(schema)

    def text(self, schema):
        if "pattern" not in schema:
            return "text"
        # What has no examples is a param; which one, no schema says.
        return self.random.choice(schema.get("examples", ("${params.zzz}",)))

    def option(self, options, place, depth):
        option = self.choice(options)
        if option == {"type": "null"}:
            return None
        return self.value(option, place, depth)

    def verb(self, schema, place, depth):
        return self.value(self.choice([row["then"] for row in schema["else"]["allOf"]]), place,
                          depth)

    def choice(self, schemas):
        """One of them, rather one in which something was not drawn yet."""
        fresh = [schema for schema in schemas if self.leads_on(schema)]
        return self.random.choice(fresh if fresh and self.random.random() < 0.7 else schemas)

    def leads_on(self, schema):
        if self.left <= 0:
            return False
        missing = {name for name, _ in self.missing}
        return any(self.reached[name] & missing for name in references(schema))

    def array(self, schema, place, depth):
        if "maxItems" in schema:
            return list(self.random.choice(schema["examples"]))
        least = schema.get("minItems", 0)
        most = least + 2 if self.left > 0 else least
        return [self.value(schema["items"], f"{place}/item", depth + 1)
                for _ in range(self.random.randint(least, most))]

    def object(self, schema, place, depth):
        self.left -= 1
        if "properties" not in schema:
            return self.map(schema, place, depth)
        properties = schema["properties"]
        drawn = {key for key in properties
                 if key in schema.get("required", ())
                 or self.left > 0 and self.is_wanted(place, key, properties[key])}
        kept = self.follow_rules(schema, drawn)
        self.missing.difference_update((place, key) for key in kept)
        removed = self.random.choice(schema.get("anyOf", [{}])).get("properties", ())
        return self.members(properties, kept, place, depth, removed)

    def is_wanted(self, place, key, schema):
        return ((place, key) in self.missing
                or self.random.random() < (0.6 if self.leads_on(schema) else 0.15))

    def members(self, properties, keys, place, depth, removed=()):
        """Drawn in any order, so that now this and now that one is large."""
        keys = [key for key in properties if key in keys]
        drawn = {key: None if key in removed
                 else self.value(properties[key], f"{place}/{key}", depth + 1)
                 for key in self.random.sample(keys, len(keys))}
        return {key: drawn[key] for key in keys}

    def follow_rules(self, schema, keys):
        needs = {key: [one["required"][0] for one in needed["anyOf"]]
                 for key, needed in schema.get("dependencies", {}).items()}
        for key, others in needs.items():
            if key in keys and not keys & set(others):
                keys.add(self.random.choice(others))
        for rule in schema.get("allOf", ()):
            if "oneOf" in rule:
                options = [one["required"][0] for one in rule["oneOf"]]
                chosen = self.random.choice([key for key in options if key in keys] or options)
                keys = keys - set(options) | {chosen}
            elif set(rule["not"]["required"]) <= keys:
                keys.discard(self.random.choice(rule["not"]["required"]))
        return {key for key in keys if key not in needs or keys & set(needs[key])}

    def map(self, schema, place, depth):
        if "propertyNames" not in schema:  # data
            return {"field": "text"}
        least = schema.get("minProperties", 0)
        most = least + 2 if self.left > 0 else least
        return {self.name(schema["propertyNames"]):
                self.value(schema["additionalProperties"], f"{place}/entry", depth + 1)
                for _ in range(self.random.randint(least, most))}

    def name(self, keys):
        self.names += 1
        kind = keys.get("$ref", "").removeprefix(REFERENCE)
        if kind in ("", "name-key"):
            return f"Name{self.names}"
        return self.random.choice(self.definitions[kind]["examples"])


VALUES = (0, -1, 1.5, True, None, "", "5 seconds", "a b", "row", "12", [], {}, [1], ["x"],
          {"zzz": 1}, "${params.zzz}")


def places(value, path=()):
    """The path of every value in a document, without its params."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "params" or path:
                yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))


def changed(document, random, below=()):
    """A copy with one small change at a place below `below`, and what was changed."""
    document = copy.deepcopy(document)
    path = random.choice([path for path in places(document)
                          if path[:len(below)] == below and len(path) > len(below)])
    parent = document
    for step in path[:-1]:
        parent = parent[step]
    last = path[-1]
    kind = random.choice(("remove", "value", "value", "rename", "add"))
    if kind == "rename" and isinstance(parent, dict) and parent[last] is not None:
        new = random.choice((f"{last}z", "zzz", "for", "not a name"))
        items = [(new if key == last else key, value) for key, value in parent.items()]
        parent.clear()
        parent.update(items)
    elif kind == "add" and isinstance(parent, dict):
        parent[random.choice(("zzz", "call", "about", "reject"))] = random.choice((1, "text"))
    elif kind == "remove":
        del parent[last]
    else:
        parent[last] = copy.deepcopy(random.choice(VALUES))
    return document, f"{kind} at {'/'.join(map(str, path))}"
