"""The JSON Schema that `trialist schema` prints, as an independent validator sees it.

The executable is named by the environment variable TRIALIST. What backs the checks: the validator refuses a schema that is
none, the scenarios that come with the project must satisfy it, and a scenario that is damaged in one place must be refused
by the schema and by `trialist validate` alike.
"""

import copy
import json
import os
import pathlib
import subprocess

import jsonschema
import pytest
import ruamel.yaml

ROOT = pathlib.Path(__file__).parents[2]
TRIALIST = str(pathlib.Path(os.environ["TRIALIST"]).resolve())
SMALL = ROOT / "Tests/Fixtures/small-study/scenario.yaml"
SCENARIOS = sorted(ROOT.glob("scenarios/*/scenario.yaml")) + [SMALL]


def read(path):
    """A scenario as YAML 1.2 has it: `yes` is a text."""
    return ruamel.yaml.YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def schema():
    printed = subprocess.run([TRIALIST, "schema"], check=True, capture_output=True, text=True)
    return json.loads(printed.stdout)


@pytest.fixture(scope="module")
def validator(schema):
    return jsonschema.Draft202012Validator(schema)


def test_it_is_a_schema(schema):
    jsonschema.Draft202012Validator.check_schema(schema)


def test_there_are_scenarios():
    assert len(SCENARIOS) >= 3


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.parent.name)
def test_scenarios_satisfy_it(validator, path):
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(read(path))] == []


def put(path, value):
    """A damage: the value at a path replaced; the key removed where the value is None."""

    def damage(scenario):
        *parents, last = path
        for step in parents:
            scenario = scenario[step]
        if value is None:
            del scenario[last]
        else:
            scenario[last] = value

    return damage


DAMAGES = {
    "unknown section": put(["trail"], {}),
    "unknown key": put(["visits", "until"], 3),
    "missing section": put(["arms"], None),
    "missing key": put(["visits", "end"], None),
    "another version": put(["trialist"], 2),
    "text for a number": put(["cohort", "patients"], "100"),
    "fraction for a whole number": put(["cohort", "patients"], 1.5),
    "number out of range": put(["trial", "alpha"], 0.9),
    "time without unit": put(["visits", "end"], 14),
    "time in no unit": put(["visits", "end"], "14 moons"),
    "rate without per": put(["visits", "dropout"], "0.5 year"),
    "word out of a few": put(["endpoints", 0, "kind"], "time out of range"),
    "list for a mapping": put(["treatment", "dose"], ["depot"]),
    "mapping for a list": put(["arms"], {"low": {"start": "dose <- 1"}}),
    "too few in a list": put(["trial", "arms"], ["low"]),
    "three bounds": put(["endpoints", 0, "range"], [1, 2, 3]),
    "no name": put(["arms", 0, "name"], "low dose"),
    "two distributions": put(["cohort", "draw", "luck"], {"uniform": [0, 1], "normal": [0, 1]}),
    "no distribution": put(["cohort", "draw", "luck"], {"gauss": [0, 1]}),
    "parameters missing": put(["cohort", "draw", "luck"], {"normal": [0]}),
    "a share above 1": put(["cohort", "mix"], {"sex": {"male": 2}}),
    "no rule for missing values": put(["cohort", "columns", "sex", "missing"], "guess"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_scenarios_are_refused_by_both(validator, tmp_path, name):
    scenario = copy.deepcopy(read(SMALL))
    DAMAGES[name](scenario)
    assert not validator.is_valid(scenario)
    for file in ["model.R", "records.csv"]:
        (tmp_path / file).write_bytes((SMALL.parent / file).read_bytes())
    # JSON is YAML: what the reader gets is the damaged document itself.
    (tmp_path / "scenario.yaml").write_text(json.dumps(scenario), encoding="utf-8")
    found = subprocess.run([TRIALIST, "validate", str(tmp_path)], capture_output=True, text=True)
    assert (found.returncode, found.stdout) == (65, "")


def test_the_same_document_as_json_is_read(tmp_path):
    for file in ["model.R", "records.csv"]:
        (tmp_path / file).write_bytes((SMALL.parent / file).read_bytes())
    (tmp_path / "scenario.yaml").write_text(json.dumps(read(SMALL), indent=2), encoding="utf-8")
    assert subprocess.run([TRIALIST, "validate", str(tmp_path)], capture_output=True).returncode == 0


WATCH = ROOT / "scenarios/score-drift/scenario.yaml"
WATCH_DAMAGES = {
    "a section of a trial": put(["arms"], []),
    "missing section key": put(["monitoring", "patients"], None),
    "a rate that is no share": put(["monitoring", "score", "event_rate"], 0.15),
    "an AUC above 1": put(["monitoring", "change", "auc"], 1.2),
    "an unknown measure": put(["monitoring", "monitors", 0, "measure"], "aucs"),
    "an unknown chart": put(["monitoring", "monitors", 0, "chart"], "cusom"),
    "no monitors": put(["monitoring", "monitors"], []),
}


@pytest.mark.parametrize("name", WATCH_DAMAGES)
def test_damaged_watches_are_refused_by_both(validator, tmp_path, name):
    scenario = copy.deepcopy(read(WATCH))
    WATCH_DAMAGES[name](scenario)
    assert not validator.is_valid(scenario)
    (tmp_path / "scenario.yaml").write_text(json.dumps(scenario), encoding="utf-8")
    found = subprocess.run([TRIALIST, "validate", str(tmp_path)], capture_output=True, text=True)
    assert (found.returncode, found.stdout) == (65, "")


ENVIRONMENTS = sorted(ROOT.glob("scenarios/environments/*/environment.yaml"))
AHN = ROOT / "scenarios/environments/ahn-chemotherapy"
ENVIRONMENT_DAMAGES = {
    "unknown section": put(["rewards"], "1"),
    "missing section": put(["reward"], None),
    "another version": put(["environment"], 2),
    "a discount above 1": put(["discount"], 1.5),
    "an unknown word": put(["last"], "horizon"),
    "no count of decisions": put(["decisions", "count"], None),
    "a component without a range": put(["actions", "components", "dose"], [1]),
}


@pytest.fixture(scope="module")
def environment_validator():
    printed = subprocess.run([TRIALIST, "schema", "environment"], check=True, capture_output=True, text=True)
    schema = json.loads(printed.stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_there_are_environments():
    assert len(ENVIRONMENTS) >= 9


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.parent.name)
def test_environments_satisfy_it(environment_validator, path):
    assert [f"{error.json_path}: {error.message}" for error in environment_validator.iter_errors(read(path))] == []


@pytest.mark.parametrize("name", ENVIRONMENT_DAMAGES)
def test_damaged_environments_are_refused_by_both(environment_validator, tmp_path, name):
    document = copy.deepcopy(read(AHN / "environment.yaml"))
    ENVIRONMENT_DAMAGES[name](document)
    assert not environment_validator.is_valid(document)
    (tmp_path / "ahn.R").write_bytes((AHN / "ahn.R").read_bytes())
    (tmp_path / "environment.yaml").write_text(json.dumps(document), encoding="utf-8")
    found = subprocess.run([TRIALIST, "regime", "list", str(tmp_path)], capture_output=True, text=True)
    assert (found.returncode, found.stdout) == (65, "")
