"""What pytest does not collect: the modules that train, where the extra `train` is not installed."""

from importlib.util import find_spec

NEED_TORCH = ("claims", "claims_network", "crf", "encoder", "examples", "network", "train", "vectors")

collect_ignore = [] if find_spec("torch") else [f"kg/learn/{name}.py" for name in NEED_TORCH]
