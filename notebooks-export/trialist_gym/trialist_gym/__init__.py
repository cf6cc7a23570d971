"""Treatment problems as Gymnasium environments, served by the `trialist` executable.

    import gymnasium, trialist_gym
    envs = gymnasium.make_vec("trialist/OberstSepsis-v0", num_envs=1024)

`TrialistVectorEnv` steps many episodes at once in one server process; `TrialistEnv` is one episode at a time.
"""

from .registration import ENVIRONMENTS, register_all
from .server import TrialistError, find_executable
from .single import TrialistEnv
from .vector import TrialistVectorEnv

__all__ = ["ENVIRONMENTS", "TrialistEnv", "TrialistError", "TrialistVectorEnv", "find_executable"]

register_all()
