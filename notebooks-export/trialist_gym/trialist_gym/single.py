"""One episode at a time."""

import gymnasium

from gymnasium.vector import AutoresetMode

from .vector import TrialistVectorEnv


class TrialistEnv(gymnasium.Env):
    """A treatment problem as an environment: a vector environment with one lane.

    Takes the arguments of `TrialistVectorEnv` but for `num_envs` and `autoreset_mode`; the values of `info` are those of the
    lane. `reset(options={"first_episode": k}, seed=s)` starts episode k of the seed.
    """

    metadata = {"render_modes": []}

    def __init__(self, environment, variant=None, **arguments):
        self.render_mode = arguments.get("render_mode")
        self._lane = TrialistVectorEnv(environment, 1, variant, AutoresetMode.DISABLED, **arguments)
        self.facts = self._lane.facts
        self.action_space = self._lane.single_action_space
        self.observation_space = self._lane.single_observation_space

    @property
    def server_pid(self):
        """The number of the server's process; None after closing."""
        return self._lane.server_pid

    def action_masks(self):
        """The levels that are allowed now, as sb3-contrib's MaskablePPO asks for them."""
        return self._mask.copy()

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        if seed is None and not self._lane._has_begun:
            seed = int(self.np_random.integers(1 << 63))
        observations, infos = self._lane.reset(seed=seed, options=options)
        return observations[0], self._first(infos)

    def step(self, action):
        observations, rewards, terminated, truncated, infos = self._lane.step([action])
        return observations[0], float(rewards[0]), bool(terminated[0]), bool(truncated[0]), self._first(infos)

    def close(self):
        self._lane.close()

    def _first(self, infos):
        """The lane's values, without the arrays that say where there are some."""
        self._mask = infos["action_mask"][0]
        return {key: value[0] for key, value in infos.items() if not key.startswith("_")}
