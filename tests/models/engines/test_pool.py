"""The engines that a predictor keeps ready."""

from models.engines.factory import EngineFactory
from models.engines.pool import KEPT, EnginePool


def test_an_engine_is_built_once_and_the_one_unused_longest_makes_room():
    built = []
    build = lambda size: built.append(size) or f"engine {size}"  # noqa: E731
    pool = EnginePool(EngineFactory(build, "first", (0, 0), "", 16))
    sizes = [(side, side) for side in range(1, KEPT)]
    for size in sizes * 2:
        assert pool.of(size) == f"engine {size}"
    assert built == sizes
    assert pool.of((0, 0)) == "first"
    pool.of((9, 9))  # one too many: the first of the sizes has to go
    pool.of(sizes[1])
    pool.of((0, 0))
    assert built == [*sizes, (9, 9)]
    pool.of(sizes[0])
    assert built == [*sizes, (9, 9), sizes[0]]
