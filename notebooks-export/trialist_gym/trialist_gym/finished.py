"""What the episodes that are over came to, as Gymnasium's arrays."""

import numpy as np

# The fields of a record: lane, then these, the groups, the measures and the last observation.
EPISODE, DECISIONS, ENDING, RETURN, SUM, FIRST_GROUP = 1, 2, 3, 4, 5, 6


class Finished:
    """The records of a turn as arrays of all lanes, each with a mask of the lanes whose episode is over.

    A step of hundreds of lanes ends episodes nearly every time, and a numpy call costs as much as the arithmetic of hundreds of
    lanes: the records of all fields are spread over the lanes in one assignment.
    """

    def __init__(self, facts, lanes):
        groupings, measures = facts["groupings"], facts["measures"]
        self._first_observation = FIRST_GROUP + len(groupings) + len(measures)
        # What stands in the lanes that go on.
        self._empty = np.zeros((self._first_observation, lanes), np.int64)
        self._empty[EPISODE] = -1
        self._empty[FIRST_GROUP : FIRST_GROUP + len(groupings)] = -1
        self._empty.view(np.float64)[FIRST_GROUP + len(groupings) :] = np.nan
        # By the code of the ending: 0 goes on, 1 + k event k; -2 and -1 count from the end.
        self._endings = np.array([None, *facts["ends"], "failed", "horizon"], dtype=object)
        # By the number of the group; -1 is the last, where no episode is over.
        self._groups = [np.array([*grouping["groups"], None], dtype=object) for grouping in groupings]
        names = ["ending", "episode_number", "episode_length", "episode_return", "episode_sum"]
        names += ["group_" + grouping["name"] for grouping in groupings] + ["measure_" + name for name in measures]
        self._names, self._mask_names = names, ["_" + name for name in names]

    def add(self, records, infos):
        """Adds the arrays to `infos`, which is returned."""
        lanes = records[:, 0]
        whole = self._empty.copy()
        whole[:, lanes] = records[:, : self._first_observation].T
        integers, floats = list(whole), list(whole.view(np.float64))
        values = [self._endings[integers[ENDING]], integers[EPISODE], integers[DECISIONS], floats[RETURN], floats[SUM]]
        values += [names[codes] for names, codes in zip(self._groups, integers[FIRST_GROUP:])]
        values += floats[FIRST_GROUP + len(self._groups) :]
        mask = np.zeros(len(integers[0]), np.bool_)
        mask[lanes] = True
        masks = np.empty((len(values), len(mask)), np.bool_)
        masks[:] = mask
        infos.update(zip(self._names, values))
        infos.update(zip(self._mask_names, masks))
        return infos

    def observations(self, records):
        """The last observations of the episodes that are over, a row for each record."""
        return records[:, self._first_observation :].copy().view(np.float64)
