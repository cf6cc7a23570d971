"""The environments by the names that `gymnasium.make` knows.

Imports nothing but the registry: as a plugin this module is loaded while gymnasium itself is.
"""

from gymnasium.envs.registration import register, registry

# What `gymnasium.make` calls them, and what `trialist regime list` does.
ENVIRONMENTS = {
    "Adherence": "adherence",
    "AhnChemotherapy": "ahn-chemotherapy",
    "BloodPressure": "blood-pressure",
    "EpiCare": "epicare",
    "GhaffariChemoradiation": "ghaffari-chemoradiation",
    "Gvhd": "gvhd",
    "HivTreatment": "hiv-treatment",
    "IcuSepsis": "icu-sepsis",
    "OberstSepsis": "oberst-sepsis",
    "ResponseTypes": "response-types",
    "Type1Diabetes": "type1-diabetes",
    "Warfarin": "warfarin",
    "ZhaoChemotherapy": "zhao-chemotherapy",
}


def register_all():
    """Registers every name once; a second call changes nothing."""
    for title, name in ENVIRONMENTS.items():
        identifier = f"trialist/{title}-v0"
        if identifier not in registry:
            register(
                identifier,
                entry_point="trialist_gym.single:TrialistEnv",
                vector_entry_point="trialist_gym.vector:TrialistVectorEnv",
                kwargs={"environment": name},
            )


def register_plugin():
    """What gymnasium calls when it finds the installed package."""
    register_all()
