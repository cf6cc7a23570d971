"""Many episodes side by side, stepped by one server process."""

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space

from .finished import Finished
from .server import Server, TrialistError
from .spaces import Actions, Observations

MODES = {AutoresetMode.NEXT_STEP: 0, AutoresetMode.SAME_STEP: 1, AutoresetMode.DISABLED: 2}
# Seeds are 64 bits, and the number of a first episode is one that a double holds.
GREATEST_SEED = (1 << 64) - 1
GREATEST_EPISODE = 1 << 53


def check_range(what, number, greatest):
    """Refuses a number that the server cannot be told."""
    if number is not None and not 0 <= number <= greatest:
        raise ValueError(f"{what}: found {number}, allowed: 0 to {greatest}")


class TrialistVectorEnv(gymnasium.vector.VectorEnv):
    """A treatment problem as a vector environment.

    Lane i starts episode `first + i` of the seed, and its k-th episode after that is `first + i + k * num_envs`; an episode's
    chance depends on the seed and its number alone, so that lane i shows what any other environment shows of that episode.

    Args:
        environment: a name of `trialist regime list`.
        num_envs: how many episodes run side by side.
        variant: a variant of the environment; its first by default.
        autoreset_mode: what becomes of a lane whose episode is over.
        actions: `levels`, `values` or `grid`; `values` where the environment is continuous, else `levels`.
        missing: what stands for a missing observation: `fill`, `indicator` or `nan`; see `Observations`.
        threads: threads of the server; the numbers do not depend on it.
        executable: the path of `trialist`; else the environment variable TRIALIST or PATH.

    `info` always holds `action_mask`, bool [num_envs][levels]. Where observations are missing it holds `missing`. A step that
    ends episodes adds arrays that are valid where `_ending` is true: `ending` (the event, `horizon` or `failed`),
    `episode_number`, `episode_length`, `episode_return` (discounted as the environment says), `episode_sum`, and a key for
    each measure (`measure_NAME`) and grouping (`group_NAME`).
    """

    metadata = {"render_modes": [], "autoreset_mode": AutoresetMode.NEXT_STEP}

    def __init__(
        self,
        environment,
        num_envs=1,
        variant=None,
        autoreset_mode=AutoresetMode.NEXT_STEP,
        actions=None,
        missing="fill",
        threads=1,
        executable=None,
        render_mode=None,
    ):
        if render_mode is not None:
            raise ValueError(f"render_mode: found {render_mode!r}, allowed: None, there is nothing to draw")
        self.num_envs = num_envs
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.metadata = {**self.metadata, "autoreset_mode": self.autoreset_mode}
        self._server = Server(environment, variant, threads, executable)
        try:
            self.facts = self._server.facts
            if not 1 <= num_envs <= self.facts["maximum_lanes"]:
                raise ValueError(f"num_envs: found {num_envs}, allowed: 1 to {self.facts['maximum_lanes']}")
            self._actions = Actions(self.facts, actions)
            self._observations = Observations(self.facts, missing)
        except BaseException:
            self._server.kill()
            raise
        self.single_action_space = self._actions.space
        self.single_observation_space = self._observations.space
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self._finished = Finished(self.facts, num_envs)
        self._has_begun = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def server_pid(self):
        """The number of the server's process; None after closing."""
        return self._server.pid

    def reset(self, *, seed=None, options=None):
        """Starts episodes.

        With a seed, or at the first call, lane i starts the episode `options["first_episode"] + i` (0 + i by default). Without
        one every lane goes on to its next episode, or, with `options["reset_mask"]`, the lanes of the mask do.
        """
        options = dict(options or {})
        mask = options.pop("reset_mask", None)
        first = options.pop("first_episode", None)
        if options:
            raise ValueError(f"options: found {', '.join(map(repr, options))}, allowed: first_episode, reset_mask")
        if seed is not None and not isinstance(seed, (int, np.integer)):
            raise TypeError(f"seed: found {seed!r}, allowed: one whole number; the lanes' episodes differ by themselves")
        check_range("seed", seed, GREATEST_SEED)
        check_range("options: first_episode", first, GREATEST_EPISODE)
        super().reset(seed=None if seed is None else int(seed))
        if mask is not None:
            self._check_mask(mask, seed, first)
            return self._show(self._server.renew(mask))
        if seed is not None or first is not None or not self._has_begun:
            if seed is None:
                seed = int(self.np_random.integers(1 << 63))
            turn = self._server.reset(int(seed), int(first or 0), self.num_envs, MODES[self.autoreset_mode])
            self._has_begun = True
            return self._show(turn)
        return self._show(self._server.renew(np.ones(self.num_envs, np.bool_)))

    def step(self, actions):
        """Steps every lane by its action."""
        turn = self._actions.send(self._server, actions, self.num_envs)
        observations, infos = self._show(turn)
        return observations, turn.rewards, turn.terminated, turn.truncated, infos

    def close_extras(self, **kwargs):
        self._server.close()

    def _check_mask(self, mask, seed, first):
        if seed is not None or first is not None:
            raise ValueError("options: reset_mask goes with neither a seed nor first_episode")
        if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_ or mask.shape != (self.num_envs,):
            raise ValueError(f"options: reset_mask: allowed: a numpy array of {self.num_envs} bools")
        if not mask.any():
            raise ValueError("options: reset_mask: allowed: at least one True")
        if not self._has_begun:
            raise TrialistError("no episode has begun: call reset without a mask first")

    def _show(self, turn):
        """The observations and infos of a turn."""
        infos = {"action_mask": turn.allowed}
        if turn.records is not None:
            self._tell(turn.records, infos)
        observations, absent = self._observations.fit(turn.observations, turn.missing)
        if absent is not None:
            infos["missing"] = absent
        return observations, infos

    def _tell(self, records, infos):
        """Adds what the episodes that are over came to, and their last observations where the lanes went on already."""
        self._finished.add(records, infos)
        if self.autoreset_mode == AutoresetMode.SAME_STEP:
            final = np.full(self.num_envs, None, dtype=object)
            shown, _ = self._observations.fit(self._finished.observations(records), None)
            for lane, observation in zip(records[:, 0], shown):
                final[lane] = observation
            infos["final_obs"], infos["_final_obs"] = final, infos["_ending"].copy()
            infos["final_info"], infos["_final_info"] = self._finished.add(records, {}), infos["_ending"].copy()
