"""What is done to runs: a scenario a module."""

from tools.torture.outcome import AnyScenario
from tools.torture.scenarios.cameras import CamerasScenario
from tools.torture.scenarios.clocks import (
    RecordedUptimesScenario,
    UptimesScenario,
    WallClockScenario,
)
from tools.torture.scenarios.crafted import CraftedCommandsScenario, CraftedScenario
from tools.torture.scenarios.disks import DisksScenario
from tools.torture.scenarios.folders import FoldersScenario
from tools.torture.scenarios.kills import KillsScenario
from tools.torture.scenarios.peers import PeersScenario
from tools.torture.scenarios.signals import SignalsScenario
from tools.torture.scenarios.starvation import StarvationScenario
from tools.torture.scenarios.supervisors import SupervisorScenario

_ALL: tuple[AnyScenario, ...] = (
    KillsScenario(),
    SupervisorScenario(),
    SignalsScenario(),
    DisksScenario(),
    FoldersScenario(),
    WallClockScenario(),
    UptimesScenario(),
    RecordedUptimesScenario(),
    StarvationScenario(),
    CamerasScenario(),
    PeersScenario(tcp=False),
    PeersScenario(tcp=True),
    CraftedScenario(),
    CraftedCommandsScenario(),
)

SCENARIOS = {one.name: one for one in _ALL}
