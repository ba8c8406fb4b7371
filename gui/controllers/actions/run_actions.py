"""What the user asks of the run as a whole: record, correct, another network, open a recording."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from gui.controllers.presenter import Presenter
from gui.controllers.receiver import Receiver
from gui.controllers.recent_files import RecentFiles
from gui.language import mark, tr
from gui.widgets.main_window import MainWindow
from streamer.messages import NetworkChoice, RunAction, RunCommand, TakeState

_KEPT_S = 10.0
_FILTER = mark("Recordings (*.mcap);;All files (*)")
_CHECKPOINTS = mark("Checkpoints (*.safetensors);;All files (*)")
_SUFFIX = ".mcap"
_ACTIONS = (
    *("record", "keep", "correct", "change_network"),
    *("play_again", "open_recording", "open_take"),
)


class RunActions:
    """One method for each action of the table that is a command to the supervisor.

    Attributes:
        take_file: the recording that was completed last, to be opened.
    """

    def __init__(self, window: MainWindow, presenter: Presenter, receiver: Receiver) -> None:
        self._window = window
        self._presenter = presenter
        self._receiver = receiver
        for name in _ACTIONS:
            if name in window.qactions:
                window.qactions[name].triggered.connect(getattr(self, f"_on_{name}"))
        window.dropped.connect(self.open)
        window.panels.network.chosen.connect(self._on_network)
        window.panels.network.file_wanted.connect(self._on_checkpoint)
        self._recent = RecentFiles()
        window.recent.aboutToShow.connect(self._fill_recent)

    def _on_record(self) -> None:
        """Records from now on, or completes what is recorded."""
        take = self._presenter.take
        if take is None:
            self._presenter.show_message(tr("This run cannot be recorded from its window"))
            return
        under_way = take.since_ns is not None
        action = RunAction.STOP_RECORDING if under_way else RunAction.RECORD
        self._receiver.send_run_command(RunCommand(action))

    def _on_keep(self) -> None:
        """Keeps the last seconds for a recording that begins later, or no longer."""
        take = self._presenter.take
        kept_s = 0.0 if take is not None and take.kept_s else _KEPT_S
        self._receiver.send_run_command(RunCommand(RunAction.KEEP, kept_s))

    def _on_correct(self) -> None:
        """Asks the thermal camera for a shutter correction; what comes of it is told then."""
        self._receiver.send_run_command(RunCommand(RunAction.CORRECT))

    def _on_change_network(self) -> None:
        """To the boxes in which it is chosen."""
        self._window.panels.choose_network()

    def _on_network(self, choice: NetworkChoice) -> None:
        """Asks for another network; what comes of it is told then."""
        self._receiver.send_run_command(RunCommand(RunAction.NETWORK, network=choice))

    def _on_checkpoint(self) -> None:
        """Asks for a file of weights, to be chosen among the models."""
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, tr("A checkpoint"), "", tr(_CHECKPOINTS)
        )
        if chosen:
            self._window.panels.network.add_file(Path(chosen).resolve())

    def _on_play_again(self) -> None:
        """Sources at their end, from their beginning."""
        self._receiver.send_run_command(RunCommand(RunAction.PLAY_AGAIN))

    def _on_open_recording(self) -> None:
        """Asks which recording to see."""
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, tr("Open a recording"), "", tr(_FILTER)
        )
        if chosen:
            self.open(chosen)

    def _fill_recent(self) -> None:
        """Offers what was seen last, and is still there."""
        menu = self._window.recent
        menu.clear()
        for path in self._recent.paths():
            choose = menu.addAction(path.name)
            choose.setToolTip(str(path))
            choose.triggered.connect(lambda _=False, path=path: self.open(str(path)))
        if menu.isEmpty():
            menu.addAction(tr("No recording has been opened yet")).setEnabled(False)

    def _on_open_take(self) -> None:
        """Opens what was recorded last."""
        take = self._presenter.take
        if take is not None and take.file and take.state is TakeState.OFF:
            self.open(take.file)
        else:
            self._presenter.show_message(tr("No recording has been completed in this window yet"))

    def open(self, name: str) -> None:
        """Ends this run and replays a recording in its place; what is none is said to be.

        Args:
            name: path of a file, or of a folder of segments.
        """
        from streamer.recording import RecordingError, RecordingReader  # codecs: 40 ms

        path = Path(name)
        if path.suffix.casefold() != _SUFFIX and not path.is_dir():
            self._presenter.show_message(
                tr(
                    "{name} is no recording (.mcap, or a folder of them); for stills and videos: "
                    "corefusion live --thermal FILE",
                    name=path.name,
                )
            )
            return
        try:
            reader = RecordingReader(path)
        except RecordingError as error:
            self._presenter.show_message(str(error))
            return
        if not {"visible", "thermal"} & set(reader.streams):
            self._presenter.show_message(tr("{name} holds no picture of a sensor", name=path.name))
            return
        self._recent.add(path.resolve())
        self._presenter.show_message(tr("Opening {name} ...", name=path.name))
        self._receiver.send_run_command(RunCommand(RunAction.OPEN, path=str(path.resolve())))
