"""Narrows the explorer's description to the table that it shows without data, so that every request that
it allows can be answered: one input "x", one value "y"."""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    description = json.load(file)

parameters = description["components"]["parameters"]
for name, values in {"table": ["start"], "x": ["x"], "y": ["y"], "over": ["x"], "weights": []}.items():
    parameters[name]["schema"] = {"type": "string", "enum": values}
    parameters[name].pop("example", None)
# No column of the deck holds weights that go with both others.
del parameters["weights"]
for item in description["paths"].values():
    for operation in item.values():
        if isinstance(operation, dict) and "parameters" in operation:
            operation["parameters"] = [
                parameter for parameter in operation["parameters"]
                if parameter.get("$ref") != "#/components/parameters/weights"]
# One input has one bandwidth, and one place at which nothing is held.
parameters["h"]["schema"].update(maxItems=1)
parameters["at"]["schema"] = {"anyOf": [{"const": ""}, parameters["query"]["schema"]]}
# A picture of weights is one of a query, which the other pictures do without.
figures = description["paths"]["/api/tables/{table}/figures/{figure}"]["parameters"]
next(item for item in figures if item.get("name") == "figure")["schema"]["enum"].remove("weights.svg")
# A table that is dropped has the deck's columns; bytes at random can be a table with others, and the
# readers have fuzzers of their own.
tables = description["paths"]["/api/tables"]["post"]["requestBody"]["content"]
del tables["application/octet-stream"]
tables["text/csv"] = {"schema": {"type": "string", "enum": ["x,y\n1,2\n2,3\n4,8\n5,7\n6,9\n"]}}
queries = description["paths"]["/api/tables/{table}/predictions"]["post"]["requestBody"]
queries["content"]["application/json"]["schema"]["properties"]["queries"]["items"].update(maxItems=1)

# What `allowEmptyValue` says is said once more in the words that are understood.
points = description["paths"]["/api/tables/{table}/path"]["get"]["parameters"]
for parameter in [*parameters.values(), *points]:
    if parameter.get("allowEmptyValue"):
        parameter["schema"] = {"anyOf": [parameter["schema"], {"const": ""}]}

json.dump(description, sys.stdout)
