"""What stands between a command and a cluster, each on one line. Ray itself: tests/e2e."""

import socket
import sys

import pytest

from streamer.config.schema import Config
from streamer.enhance.engines import cluster
from streamer.enhance.engines.cluster import RayCluster
from streamer.enhance.items import EnhanceError, EnhanceOptions, Item, Kind


def test_without_ray_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)  # as where it is not installed
    with pytest.raises(EnhanceError, match=r"pip install 'corefusion-live\[ray\]'"):
        RayCluster(None, None, tmp_path, tmp_path)


@pytest.mark.parametrize("address", ["auto", "host:", "1.2.3.4", "ray://host"])
def test_what_is_no_address(tmp_path, monkeypatch, address):
    monkeypatch.setitem(sys.modules, "ray", object())
    with pytest.raises(EnhanceError, match="HOST:PORT wanted"):
        RayCluster(address, None, tmp_path, tmp_path)


def test_an_address_that_does_not_answer(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", object())
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(EnhanceError, match=f"{address}: it does not answer"):
            RayCluster(address, None, tmp_path, tmp_path)


def test_a_node_of_another_version_and_a_bad_item_answer_in_words(tmp_path):
    item = Item((str(tmp_path / "a.mcap"),), Kind.RECORDING, "a")
    options = EnhanceOptions(config=Config())
    other = cluster._work(item, options, tmp_path, tmp_path, "corefusion-live 9")
    assert "and the command is corefusion-live 9: install the same on every node" in other
    missing = cluster._work(item, options, tmp_path, tmp_path, cluster.software())
    assert missing == f"{tmp_path / 'a.mcap'}: No such file or directory"
