import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from streamer.commands import sample_data as sample
from streamer.commands.sample_data import SampleError, download_sample
from streamer.config.schema import SampleConfig
from tests.support.paths import DATA

RIG = DATA / "rig"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def http_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of a test has no certificate."""
    monkeypatch.setattr(sample, "_SCHEMES", ("http",))


@pytest.fixture
def server(tmp_path: Path, http_allowed: None) -> Iterator[tuple[str, Path]]:
    root = tmp_path / "served"
    root.mkdir()
    http = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}", root
    http.shutdown()
    http.server_close()
    thread.join()


def serve(root: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Serves stand-ins for the videos, known by their own sums."""
    sent = {}
    for key in ("visible/0111_1716", "infrared/0111_1716"):
        path = root / f"{key}.mp4"
        path.parent.mkdir()
        path.write_bytes(key.encode() * 30000)
        sent[key] = path.read_bytes()
        monkeypatch.setitem(sample._SHA256, key, hashlib.sha256(sent[key]).hexdigest())
    return sent


def test_a_pair_is_fetched_once_and_its_line_printed(
    server: tuple[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, root = server
    sent = serve(root, monkeypatch)
    folder = download_sample("0111_1716", SampleConfig(base_url=url), tmp_path / "cache")
    assert (folder / "visible.mp4").read_bytes() == sent["visible/0111_1716"]
    assert (folder / "thermal.mp4").read_bytes() == sent["infrared/0111_1716"]
    assert f"corefusion live --visible {folder}/visible.mp4" in capsys.readouterr().out
    again = download_sample(
        "0111_1716", SampleConfig(base_url="http://127.0.0.1:9"), tmp_path / "cache"
    )
    assert again == folder


def test_a_file_that_is_not_the_one_wanted_is_not_kept(
    server: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, root = server
    serve(root, monkeypatch)
    (root / "infrared" / "0111_1716.mp4").write_bytes(b"cut off")
    with pytest.raises(SampleError, match=r"infrared/0111_1716.mp4: sha256 \w+ wanted, \w+ came"):
        download_sample("0111_1716", SampleConfig(base_url=url), tmp_path / "cache")
    assert [path.name for path in (tmp_path / "cache" / "0111_1716").iterdir()] == ["visible.mp4"]


def test_a_file_that_is_not_there_is_named(server: tuple[str, Path], tmp_path: Path) -> None:
    with pytest.raises(SampleError, match=r"0117_1605\.mp4: the server answered 404"):
        download_sample("0117_1605", SampleConfig(base_url=server[0]), tmp_path)


@pytest.mark.usefixtures("http_allowed")
def test_no_connection_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="refused"):
        download_sample("0111_1716", SampleConfig(base_url="http://127.0.0.1:9"), tmp_path)


def test_an_unknown_name_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="there are 0111_1716 and 0117_1605"):
        download_sample("0000_0000", SampleConfig(), tmp_path)


@pytest.mark.skipif(not RIG.is_dir(), reason="the recorded rig videos are not on this machine")
def test_the_sums_are_those_of_the_real_videos(server: tuple[str, Path], tmp_path: Path) -> None:
    url, root = server
    for there, stream in (("visible", "visible"), ("infrared", "thermal")):
        (root / there).mkdir()
        for name in sample.SAMPLES:
            (root / there / f"{name}.mp4").symlink_to(RIG / name / f"{stream}.mp4")
    for name in sample.SAMPLES:
        folder = download_sample(name, SampleConfig(base_url=url), tmp_path / "cache")
        assert (folder / "thermal.mp4").stat().st_size > 100_000


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """A server that gives one answer, whatever it is asked."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve_one() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(answer)

        thread = threading.Thread(target=serve_one)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


OK = b"HTTP/1.1 200 OK\r\n"
ANSWERS = {
    "garbage": (b"garbage\r\n\r\n", "no answer of a web server"),
    "nothing": (b"", "closed connection"),
    "a broken chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "no answer of a web"),
    "a cut-off chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\nab", "no answer of a web"),
    "no length": (OK + b"Content-Length: many\r\n\r\nab", "no answer of a web server"),
    "a long status": (OK + b"X: 1\r\n" * 200 + b"\r\n", "no answer of a web server"),
    "a shorter body": (OK + b"Content-Length: 9\r\n\r\nab", "wanted"),
    "more than is wanted": (OK + b"\r\n" + b"a" * 2000, "0 MB at most wanted, more came"),
    "elsewhere": (b"HTTP/1.1 302 F\r\nLocation: file:///etc/passwd\r\n\r\n", "302"),
}


@pytest.mark.usefixtures("http_allowed")
@pytest.mark.parametrize("name", ANSWERS)
def test_a_foreign_answer_is_one_line_and_nothing_is_left(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample, "MAX_BYTES", 1000)
    answer, words = ANSWERS[name]
    with answering(answer) as url, pytest.raises(SampleError, match=words) as refused:
        download_sample("0111_1716", SampleConfig(base_url=url), tmp_path)
    assert "\n" not in str(refused.value)
    assert list((tmp_path / "0111_1716").iterdir()) == []


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc",
        "http://127.0.0.1:9",
        "ftp://a",
        "",
        "https://a:1 2/",
        "https://a:b",
        "https://[",
    ],
)
def test_an_address_that_is_not_https_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(SampleError) as refused:
        download_sample("0111_1716", SampleConfig(base_url=address), tmp_path)
    assert "\n" not in str(refused.value)
    assert list((tmp_path / "0111_1716").iterdir()) == []
