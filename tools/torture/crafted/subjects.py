"""Every kind of crafted input, by name."""

from tools.torture.crafted.files import Pictures, Recordings, Videos
from tools.torture.crafted.settings import Configurations, Options
from tools.torture.crafted.subject import Subject
from tools.torture.crafted.weights import Checkpoints, Tables
from tools.torture.crafted.wire import Messages

_ALL: tuple[Subject, ...] = (
    *(Messages(), Configurations(), Options(), Pictures(), Videos(), Recordings()),
    *(Checkpoints(), Tables()),
)

SUBJECTS = {one.name: one for one in _ALL}
