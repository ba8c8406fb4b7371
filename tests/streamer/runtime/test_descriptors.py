import subprocess
import sys

SCRIPT = """
import resource
from streamer.runtime.descriptors import ENOUGH, raise_descriptor_limit

_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
ceiling = 512 if hard == resource.RLIM_INFINITY else min(hard, 512)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, ceiling))
assert raise_descriptor_limit() == ceiling <= ENOUGH
assert raise_descriptor_limit() == ceiling
assert resource.getrlimit(resource.RLIMIT_NOFILE) == (ceiling, ceiling)
"""


def test_the_limit_is_raised_as_far_as_it_may_be() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
