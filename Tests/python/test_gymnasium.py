"""The environments of `trialist regime list` as Gymnasium environments.

Run as `TRIALIST=trialist pytest Tests/python`. Backed by Gymnasium's own checker, by the single environment as a second route to
the episodes of the vector environment, by the server's sums, and by what is seen of the server's process.
"""

import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode
from gymnasium.wrappers.vector import RecordEpisodeStatistics

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "notebooks-export" / "trialist_gym"
sys.path.insert(0, str(FOLDER))

import trialist_gym  # noqa: E402
from trialist_gym import TrialistEnv, TrialistError, TrialistVectorEnv  # noqa: E402
from trialist_gym.spaces import Actions, Observations  # noqa: E402

TRIALIST = os.environ.get("TRIALIST", "trialist")
LISTED = subprocess.run([TRIALIST, "regime", "list"], capture_output=True, text=True, check=True).stdout
NAMES = [line.split(":")[0] for line in LISTED.splitlines() if line and not line.startswith(" ")]
# Those that run: tables of `icu-sepsis` are its package's, and 'regime list' says where they are missing.
RUNNABLE = [
    part.splitlines()[0].split(":")[0]
    for part in re.split(r"\n(?=\S)", LISTED.rstrip())
    if "\n  missing " not in part
]
IDENTIFIERS = {name: f"trialist/{title}-v0" for title, name in trialist_gym.ENVIRONMENTS.items()}

# Ranges without an end are what some variables have, and doses are in their own units.
ACCEPTED = ("infinity. This is probably too", "we recommend using a symmetric and normalized space")


def is_alive(pid):
    return pathlib.Path(f"/proc/{pid}").exists()


@pytest.fixture
def sepsis():
    envs = TrialistVectorEnv("oberst-sepsis", 12)
    yield envs
    envs.close()


# Every environment


def test_every_environment_has_a_name_for_make():
    assert NAMES
    assert [name for name in NAMES if name not in IDENTIFIERS] == []


def test_tables_that_are_missing_are_named(monkeypatch):
    monkeypatch.delenv("TRIALIST_ICU_SEPSIS", raising=False)
    with pytest.raises(TrialistError, match="its tables are not bundled: get them with 'pip download"):
        TrialistEnv("icu-sepsis")
    assert set(NAMES) - set(RUNNABLE) <= {"icu-sepsis"}


@pytest.mark.parametrize("name", RUNNABLE)
def test_check_env(name):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        env = gymnasium.make(IDENTIFIERS[name])
        check_env(env.unwrapped)
        env.close()
    texts = [str(warning.message) for warning in caught]
    assert [text for text in texts if not any(part in text for part in ACCEPTED)] == []


@pytest.mark.parametrize("name", RUNNABLE)
def test_random_rollout_stays_in_the_spaces(name):
    envs = gymnasium.make_vec(IDENTIFIERS[name], num_envs=20)
    observations, infos = envs.reset(seed=5)
    envs.action_space.seed(5)
    levels = len(envs.facts["actions"]["levels"])
    for _ in range(120):
        assert observations in envs.observation_space
        assert infos["action_mask"].shape == (20, levels) and infos["action_mask"].any(axis=1).all()
        observations, rewards, terminated, truncated, infos = envs.step(envs.action_space.sample())
        assert rewards.dtype == np.float64 and np.isfinite(rewards).all()
        assert not (terminated & truncated).any()
        assert np.array_equal(infos.get("_ending", np.zeros(20, bool)), terminated | truncated)
    envs.close()


@pytest.mark.parametrize("name", RUNNABLE)
def test_vector_lanes_are_single_episodes(name):
    """Lane i's first episode is episode i of the seed, which a single environment plays alone, to the last bit."""
    envs = TrialistVectorEnv(name, 5, actions="levels", threads=2)
    env = TrialistEnv(name, actions="levels")
    random = np.random.default_rng(3)
    for lane in (0, 4):
        starts, start_infos = envs.reset(seed=9)
        observation, info = env.reset(seed=9, options={"first_episode": lane})
        assert np.array_equal(observation, starts[lane])
        assert np.array_equal(info["action_mask"], start_infos["action_mask"][lane])
        for _ in range(30):
            actions = random.integers(envs.single_action_space.n, size=5)
            many = envs.step(actions)
            one = env.step(actions[lane])
            assert np.array_equal(one[0], many[0][lane])
            assert one[1:4] == tuple(part[lane] for part in many[1:4])
            assert np.array_equal(one[4]["action_mask"], many[4]["action_mask"][lane])
            if one[2] or one[3]:
                assert one[4]["episode_number"] == many[4]["episode_number"][lane] == lane
                assert one[4]["episode_return"] == many[4]["episode_return"][lane]
                break
    env.close()
    envs.close()


# Seeds, modes, masks


def play(envs, actions, **reset):
    """All that a vector environment shows, in one list."""
    observations, _ = envs.reset(**reset)
    shown = [observations]
    for action in actions:
        shown += envs.step(action)[:4]
    return shown


def same(a, b):
    return len(a) == len(b) and all(np.array_equal(x, y) for x, y in zip(a, b))


def test_the_seed_says_everything(sepsis):
    actions = np.random.default_rng(1).integers(8, size=(40, 12))
    first = play(sepsis, actions, seed=4)
    assert same(first, play(sepsis, actions, seed=4))
    assert not same(first, play(sepsis, actions, seed=5))
    # Without a seed the lanes go on to other episodes.
    assert not same(first, play(sepsis, actions))
    with TrialistVectorEnv("oberst-sepsis", 12, threads=3) as other:
        assert same(first, play(other, actions, seed=4))
    with TrialistVectorEnv("oberst-sepsis", 12) as one, TrialistVectorEnv("oberst-sepsis", 12) as two:
        assert not same(play(one, actions), play(two, actions))


def test_next_step_and_same_step_play_the_same_episodes():
    found = {}
    for mode in (AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP, AutoresetMode.DISABLED):
        with TrialistVectorEnv("oberst-sepsis", 6, autoreset_mode=mode) as envs:
            assert envs.metadata["autoreset_mode"] == mode
            envs.reset(seed=2)
            returns = {}
            for _ in range(250):
                observations, rewards, terminated, truncated, infos = envs.step(np.full(6, 4))
                ended = terminated | truncated
                if ended.any():
                    lanes = infos["_ending"]
                    assert np.array_equal(lanes, ended)
                    returns.update(zip(infos["episode_number"][lanes], infos["episode_return"][lanes]))
                    assert set(infos["ending"][lanes]) <= {"death", "discharge", "horizon"}
                    assert set(infos["group_diabetes"][lanes]) <= {"yes", "no"}
                    if mode == AutoresetMode.SAME_STEP:
                        assert np.array_equal(infos["_final_obs"], ended)
                        assert all(final in envs.single_observation_space for final in infos["final_obs"][lanes])
                    if mode == AutoresetMode.DISABLED:
                        with pytest.raises(TrialistError, match="is over and autoreset is disabled; renew it first"):
                            envs.step(np.full(6, 4))
                        renewed, _ = envs.reset(options={"reset_mask": ended})
                        assert np.array_equal(renewed[~ended], observations[~ended])
            found[mode] = returns
    shared = set.intersection(*(set(returns) for returns in found.values()))
    assert len(shared) > 20
    for episode in shared:
        assert len({returns[episode] for returns in found.values()}) == 1


def test_returns_are_the_sums_that_a_wrapper_makes(sepsis):
    envs = RecordEpisodeStatistics(sepsis)
    envs.reset(seed=8)
    count = 0
    for _ in range(100):
        *_, infos = envs.step(envs.action_space.sample())
        if "episode" in infos:
            ended = infos["_episode"]
            assert np.array_equal(infos["episode"]["r"][ended], infos["episode_sum"][ended])
            assert np.array_equal(infos["episode"]["l"][ended], infos["episode_length"][ended])
            count += ended.sum()
    assert count > 50


def test_info_of_ended_episodes(sepsis):
    sepsis.reset(seed=8)
    for _ in range(60):
        _, rewards, terminated, truncated, infos = sepsis.step(np.zeros(12, int))
        if terminated.any():
            assert np.array_equal(rewards[terminated], np.where(infos["ending"][terminated] == "death", -1, 1))
            return
    pytest.fail("no episode ended by an event")


def test_a_reply_in_which_all_lanes_end_is_longer_than_expected_and_whole():
    lanes = 40
    with TrialistVectorEnv("ahn-chemotherapy", lanes) as envs:
        envs.reset(seed=1, options={"first_episode": 7})
        layout = envs._server._layout
        assert layout.records + 8 * layout.fields * lanes > layout.room
        actions = np.zeros(envs.action_space.shape, envs.action_space.dtype)
        rewards = np.zeros(lanes)
        # Untreated patients of this environment are all alike, and die on the same day.
        for step in range(envs.facts["horizon"]):
            _, paid, terminated, truncated, infos = envs.step(actions)
            rewards += paid
            if "ending" in infos:
                break
        assert terminated.all() and not truncated.any()
        assert np.array_equal(infos["episode_number"], 7 + np.arange(lanes))
        assert np.array_equal(infos["episode_length"], np.full(lanes, step + 1))
        assert np.array_equal(infos["episode_sum"], rewards)
        assert set(infos["ending"]) <= set(envs.facts["ends"])


def test_lanes_that_go_on_have_no_numbers_of_an_end():
    with TrialistVectorEnv("type1-diabetes", 64) as envs:
        envs.reset(seed=3)
        # Without insulin some patients leave the range of survival early.
        actions = np.zeros(envs.action_space.shape)
        for _ in range(envs.facts["horizon"]):
            *_, infos = envs.step(actions)
            if "ending" in infos and not infos["_ending"].all():
                break
        ended = infos["_ending"].copy()
        assert ended.any() and not ended.all()
        keys = [key for key in infos if "_" + key in infos]
        assert {"measure_mean_glucose", "measure_insulin", "group_age_group", "episode_return"} <= set(keys), keys
        for key in keys:
            assert np.array_equal(infos["_" + key], ended), key
            empty = {"episode_number": -1}.get(key, np.nan if key.startswith("measure_") else 0)
            going_on = infos[key][~ended]
            if infos[key].dtype == object:
                assert all(value is None for value in going_on) and all(isinstance(v, str) for v in infos[key][ended])
            else:
                assert np.array_equal(going_on, np.full(len(going_on), empty), equal_nan=True), key
                assert np.isfinite(infos[key][ended]).all(), key
        # Nobody else writes to an array: not even to its neighbour's mask.
        infos["_ending"][:] = False
        assert np.array_equal(infos["_episode_return"], ended)


# Spaces


FACTS = {
    "environment": "toy",
    "observations": [{"name": "a", "low": 2, "high": 5}, {"name": "b", "low": None, "high": None}],
    "actions": {
        "components": [{"name": "x", "low": 0, "high": 0.7}, {"name": "y", "low": 0, "high": 0.3}],
        "levels": [
            {"name": "0,0", "values": [0, 0]},
            {"name": "0,0.3", "values": [0, 0.3]},
            {"name": "0.7,0", "values": [0.7, 0]},
            {"name": "0.7,0.3", "values": [0.7, 0.3]},
        ],
        "continuous": False,
    },
}


class Recorder:
    def step_levels(self, levels):
        return np.asarray(levels).tolist()

    def step_values(self, values):
        return np.asarray(values).tolist()


def test_action_spaces():
    assert Actions(FACTS).space == gymnasium.spaces.Discrete(4)
    grid = Actions(FACTS, "grid")
    assert grid.space == gymnasium.spaces.MultiDiscrete([2, 2])
    assert grid.send(Recorder(), np.array([[1, 0], [0, 1], [1, 1]]), 3) == [2, 1, 3]
    continuous = {**FACTS, "actions": {**FACTS["actions"], "continuous": True}}
    assert Actions(continuous).space == gymnasium.spaces.Box(np.zeros(2), np.array([0.7, 0.3]), dtype=np.float64)
    assert Actions(continuous, "levels").space == gymnasium.spaces.Discrete(4)
    three = {**FACTS, "actions": {**FACTS["actions"], "levels": FACTS["actions"]["levels"][:3]}}
    for facts, kind, message in [
        (FACTS, "values", "actions: toy takes levels only; allowed: levels, grid"),
        (FACTS, "box", "actions: found 'box', allowed: levels, values, grid"),
        (three, "grid", "actions: the levels of toy are no grid of its components"),
    ]:
        with pytest.raises(ValueError) as error:
            Actions(facts, kind)
        assert str(error.value) == message


def test_missing_observations():
    values = np.array([[3.0, 1.0], [np.nan, np.nan]])
    filled, absent = Observations(FACTS).fit(values.copy(), 2)
    assert filled.tolist() == [[3, 1], [2, 0]] and absent.tolist() == [[False, False], [True, True]]
    indicated = Observations(FACTS, "indicator")
    shown, _ = indicated.fit(values.copy(), 2)
    assert shown.tolist() == [[3, 1, 0, 0], [2, 0, 1, 1]]
    assert all(row in indicated.space for row in shown)
    left, absent = Observations(FACTS, "nan").fit(values.copy(), 2)
    assert np.isnan(left[1]).all() and absent.tolist() == [[False, False], [True, True]]
    assert Observations(FACTS).fit(np.array([[3.0, 1.0]]), 0)[1] is None


# Refusals and processes


def test_refusals(sepsis):
    with pytest.raises(TrialistError) as error:
        sepsis.step(np.zeros(12, int))
    assert str(error.value) == "no episode has begun: call reset first"
    sepsis.reset(seed=1)
    for action, message in [
        (np.zeros(11, int), "actions: found shape (11,), allowed: (12,)"),
        (np.zeros(12), "actions: found numbers of type float64, allowed: integers"),
    ]:
        with pytest.raises(ValueError) as error:
            sepsis.step(action)
        assert str(error.value) == message
    with pytest.raises(TrialistError) as error:
        sepsis.step(np.full(12, 8))
    assert str(error.value).startswith("stepLevels: found action 8 in lane 0, allowed: 0 to 7 (000, 001")
    # What was refused has changed nothing, and the session goes on.
    assert sepsis.step(np.zeros(12, int))[0].shape == (12, 6)
    for options, message in [
        ({"mask": 1}, "options: found 'mask', allowed: first_episode, reset_mask"),
        ({"reset_mask": np.zeros(12, bool)}, "options: reset_mask: allowed: at least one True"),
        ({"reset_mask": [True] * 12}, "options: reset_mask: allowed: a numpy array of 12 bools"),
        ({"first_episode": -1}, "options: first_episode: found -1, allowed: 0 to 9007199254740992"),
    ]:
        with pytest.raises(ValueError) as error:
            sepsis.reset(options=options)
        assert str(error.value) == message
    for seed in (-1, 2**64):
        with pytest.raises(ValueError) as error:
            sepsis.reset(seed=seed)
        assert str(error.value) == f"seed: found {seed}, allowed: 0 to 18446744073709551615"


def test_what_does_not_exist(monkeypatch, tmp_path):
    with pytest.raises(TrialistError, match="^the server ended \\(exit code 65\\): environment: found 'sepsi', allowed: "):
        TrialistEnv("sepsi")
    with pytest.raises(TrialistError, match="oberst-sepsis: variant: found 'x', allowed: code, paper"):
        TrialistVectorEnv("oberst-sepsis", 2, variant="x")
    with pytest.raises(ValueError, match="num_envs: found 0, allowed: 1 to "):
        TrialistVectorEnv("oberst-sepsis", 0)
    with pytest.raises(TrialistError) as error:
        TrialistEnv("oberst-sepsis", executable=tmp_path / "none")
    assert str(error.value) == f"the argument: there is no executable '{tmp_path / 'none'}'"
    monkeypatch.delenv("TRIALIST", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TrialistError, match="^no executable 'trialist' on PATH: "):
        TrialistEnv("oberst-sepsis")


def test_closing_leaves_no_process_behind():
    envs = TrialistVectorEnv("oberst-sepsis", 3)
    pid = envs.server_pid
    assert is_alive(pid)
    envs.close()
    envs.close()
    assert not is_alive(pid) and envs.server_pid is None
    with pytest.raises(TrialistError) as error:
        envs.reset(seed=1)
    assert str(error.value) == "the environment is closed"
    # An environment that is dropped without closing.
    env = TrialistEnv("oberst-sepsis")
    pid = env.server_pid
    del env
    assert not is_alive(pid)


def test_a_client_that_dies_takes_its_server_along():
    code = (
        f"import sys, os; sys.path.insert(0, {str(FOLDER)!r}); import trialist_gym\n"
        "env = trialist_gym.TrialistEnv('oberst-sepsis'); env.reset(seed=1)\n"
        "print(env.server_pid, flush=True); os.kill(os.getpid(), 9)"
    )
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert outcome.returncode == -signal.SIGKILL
    pid = int(outcome.stdout)
    for _ in range(100):
        if not is_alive(pid) or pathlib.Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            return
        time.sleep(0.1)
    pytest.fail("the server still runs ten seconds after its client was killed")


def test_a_killed_server_is_an_error_and_not_a_hang():
    envs = TrialistVectorEnv("oberst-sepsis", 3)
    envs.reset(seed=1)
    os.kill(envs.server_pid, signal.SIGKILL)
    with pytest.raises(TrialistError) as error:
        for _ in range(2):
            envs.step(np.zeros(3, int))
    assert str(error.value) == "the server ended (signal 9)"
    envs.close()


def test_the_example_of_the_readme_runs():
    text = (FOLDER / "README.md").read_text()
    code = text.split("```python\n")[1].split("```")[0]
    outcome = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(FOLDER)!r})\n{code}"], capture_output=True, text=True
    )
    assert outcome.stderr == ""
    assert outcome.stdout.startswith("mean return of ")
