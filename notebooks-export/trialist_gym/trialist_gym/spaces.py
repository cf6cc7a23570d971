"""The spaces of an environment, and how its actions and observations are brought into them."""

import gymnasium
import numpy as np

from .server import bound

MISSING = ("fill", "indicator", "nan")
ACTIONS = ("levels", "values", "grid")


class Actions:
    """What may be chosen: `levels` (Discrete), `values` (Box) or `grid` (MultiDiscrete, one number a component)."""

    def __init__(self, facts, kind=None):
        actions = facts["actions"]
        if kind is None:
            kind = "values" if actions["continuous"] else "levels"
        if kind not in ACTIONS:
            raise ValueError(f"actions: found {kind!r}, allowed: {', '.join(ACTIONS)}")
        if kind == "values" and not actions["continuous"]:
            raise ValueError(f"actions: {facts['environment']} takes levels only; allowed: levels, grid")
        self.kind = kind
        self.names = [level["name"] for level in actions["levels"]]
        self.table = np.array([level["values"] for level in actions["levels"]], dtype=np.float64)
        if kind == "levels":
            self.space = gymnasium.spaces.Discrete(len(self.names))
        elif kind == "values":
            low = np.array([bound(part["low"], -1) for part in actions["components"]])
            high = np.array([bound(part["high"], 1) for part in actions["components"]])
            self.space = gymnasium.spaces.Box(low, high, dtype=np.float64)
        else:
            self._make_grid(facts)

    def _make_grid(self, facts):
        columns = [np.unique(column) for column in self.table.T]
        sizes = [len(column) for column in columns]
        places = np.stack([np.searchsorted(c, v) for c, v in zip(columns, self.table.T)])
        self.levels = np.full(sizes, -1, dtype=np.int32)
        self.levels[tuple(places)] = np.arange(len(self.names))
        if np.any(self.levels < 0) or len(self.names) != self.levels.size:
            raise ValueError(f"actions: the levels of {facts['environment']} are no grid of its components")
        self.space = gymnasium.spaces.MultiDiscrete(sizes)

    def send(self, server, actions, lanes):
        """Steps the server by actions of the batched space."""
        actions = np.asarray(actions)
        expected = (lanes,) if self.kind == "levels" else (lanes, *self.space.shape)
        if actions.shape != expected:
            raise ValueError(f"actions: found shape {actions.shape}, allowed: {expected}")
        if self.kind == "values":
            return server.step_values(actions)
        if actions.dtype.kind not in "iu":
            raise ValueError(f"actions: found numbers of type {actions.dtype}, allowed: integers")
        if self.kind == "grid":
            if np.any(actions < 0) or np.any(actions >= self.space.nvec):
                raise ValueError(f"actions: found a number outside 0 to {self.space.nvec - 1}")
            return server.step_levels(self.levels[tuple(actions.T)])
        return server.step_levels(actions)


class Observations:
    """What is observed, as a Box.

    A missing value becomes the value in its range that is nearest to 0 (`fill`), that and a further channel that is 1 where
    the value is missing (`indicator`), or stays NaN, which no Box holds (`nan`).
    """

    def __init__(self, facts, missing="fill"):
        if missing not in MISSING:
            raise ValueError(f"missing: found {missing!r}, allowed: {', '.join(MISSING)}")
        self.missing = missing
        self.names = [part["name"] for part in facts["observations"]]
        low = np.array([bound(part["low"], -1) for part in facts["observations"]])
        high = np.array([bound(part["high"], 1) for part in facts["observations"]])
        self.filling = np.clip(0.0, low, high)
        if missing == "indicator":
            zeros = np.zeros(len(self.names))
            low, high = np.concatenate([low, zeros]), np.concatenate([high, zeros + 1])
        self.space = gymnasium.spaces.Box(low, high, dtype=np.float64)

    def fit(self, values, missing):
        """Observations of the space.

        Args:
            values: the server's, [lane][observation]; written to.
            missing: how many of them are NaN, where that is known; None to look.

        Returns:
            the observations, and a mask of the missing ones or None where none is.
        """
        if self.missing == "nan":
            return values, (np.isnan(values) if missing != 0 else None)
        absent = None
        if missing != 0:
            absent = np.isnan(values)
            if absent.any():
                np.copyto(values, self.filling, where=absent)
            else:
                absent = None
        if self.missing == "indicator":
            channels = np.zeros_like(values) if absent is None else absent.astype(np.float64)
            values = np.concatenate([values, channels], axis=-1)
        return values, absent
