#!/usr/bin/env python3
"""Judges studies by the published schema with python3-jsonschema and compares with the program's verdicts.

usage: schema_agreement.py SCHEMA DOCUMENTS.jsonl
Exit codes: 0 all verdicts agree, 1 some do not, 77 python3-jsonschema is missing.
"""
import json
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(77)


def main(schema_path, documents_path):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    counts = {True: 0, False: 0}
    differences = 0
    with open(documents_path, encoding="utf-8") as file:
        for line in file:
            case = json.loads(line)
            fits = validator.is_valid(case["document"])
            counts[fits] += 1
            if fits != case["fits"]:
                differences += 1
                error = next(validator.iter_errors(case["document"]), None)
                print(f"schema: {fits}, program: {case['fits']} ({case['breach']}) {error and error.message}\n"
                      f"  {json.dumps(case['document'])}")
    print(f"{counts[True]} accepted and {counts[False]} refused by the schema, {differences} differences")
    return 1 if differences or 0 in counts.values() else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
