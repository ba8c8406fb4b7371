"""A network is loaded and compiled in a thread, while another one makes the results.

A thread, and not a second worker: results, their numbers, the mode, the sockets and what is known
of the cameras stay where they are, and the change falls between two results. The engines let go of
the interpreter while they compile. What takes the process with it (a broken driver, no memory) is
seen by the supervisor, which brings the worker back with the network that worked.
"""

import logging
import threading
from contextlib import AbstractContextManager

from streamer.config.schema import InferenceConfig
from streamer.errors import CorefusionError
from streamer.worker.networks.loading import predictor_of
from streamer.worker.networks.readying import PictureSizes, ReadyNetwork, made_ready

log = logging.getLogger(__name__)

_LEAVE_S = 0.5  # what a worker that ends waits for a compilation: it has 1.5 s to end in


class Preparation:
    """One network on its way.

    Args:
        settings: which.
        sizes: of the pictures to come.
        alone: held around each prediction that is timed.

    Attributes:
        settings: which.
    """

    def __init__(
        self,
        settings: InferenceConfig,
        sizes: PictureSizes,
        alone: AbstractContextManager[object],
    ) -> None:
        self.settings = settings
        self._sizes, self._alone = sizes, alone
        self._ready: ReadyNetwork | None = None
        self._problem = ""
        self._thread = threading.Thread(target=self._prepare, name="network", daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        """Whether it has come to its end, well or not."""
        return not self._thread.is_alive()

    def result(self) -> ReadyNetwork:
        """The network, once it is done.

        Raises:
            CorefusionError: it cannot be used; says why, in a line.
        """
        if self._ready is None:
            raise CorefusionError(self._problem)
        return self._ready

    def leave(self) -> None:
        """Waits a moment for it: an interpreter that ends amid a compilation can crash."""
        self._thread.join(_LEAVE_S)

    def _prepare(self) -> None:
        try:
            predictor = predictor_of(self.settings)
            self._ready = made_ready(predictor, self._sizes, log.info, self._alone)
        except CorefusionError as error:
            self._problem = str(error)
        except MemoryError:
            self._problem = f"model {self.settings.model}: there is not enough memory for it"
        except Exception as error:  # whatever an engine ends in, the run goes on
            log.exception("%s cannot be used", self.settings.model)
            why = next(iter(str(error).strip().splitlines()), type(error).__name__)
            self._problem = f"model {self.settings.model}: {why}"
