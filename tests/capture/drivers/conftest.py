"""What tests of drivers share."""

import pytest

from tests.capture.drivers.uvc_bench import Bench


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path)
    yield bench
    bench.close()
