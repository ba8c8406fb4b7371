import msgspec
import numpy as np
import pytest

from models.data.dataset import split_videos
from models.data.videos import VideoFrames, read_frames
from models.errors import ModelError
from tests.support.scenes import scene, write_video


def test_frames_are_spread_out_and_near_duplicates_left_out(tmp_path):
    # Ten frames a second: a second of each of three scenes, then the first one again.
    path = write_video(tmp_path / "a.mp4", seeds=(0, 1, 2, 0), repeats=10, fps=10)
    read = read_frames(path, VideoFrames(spacing_s=0.5))
    assert [picture.name for picture in read.pictures] == ["a@0.00", "a@1.00", "a@2.00"]
    assert read.alike == 5
    for seed, picture in enumerate(read.pictures):
        assert picture.visible is None
        assert picture.thermal.dtype == np.uint8
        truth = scene(seed, *picture.thermal.shape)[1].astype(int)
        assert np.abs(picture.thermal.astype(int) - truth).mean() < 6  # the codec's own loss


def test_everything_is_kept_that_differs_enough(tmp_path):
    path = write_video(tmp_path / "a.mp4", seeds=(0, 1, 2), repeats=10, fps=10)
    assert len(read_frames(path, VideoFrames(spacing_s=0.1, alike=0.5)).pictures) <= 3
    assert len(read_frames(path, VideoFrames(spacing_s=1.0, alike=1.0)).pictures) == 3


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.mp4", b"", "it is empty"),
        ("a.mp4", b"no video at all", "not a video that can be read"),
        ("0111_1716.mp4", None, "for scoring, never for training"),
        ("b.mp4", None, "in colour; wanted a thermal picture"),
    ],
)
def test_what_is_no_thermal_video(tmp_path, name, content, message):
    path = tmp_path / name
    if content is None:
        write_video(path, colour=True)
    else:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=message) as error:
        read_frames(path, VideoFrames())
    assert name in str(error.value)


@pytest.mark.parametrize(
    ("key", "value"), [("spacing_s", 0.0), ("spacing_s", -1.0), ("alike", 0.0), ("alike", 1.5)]
)
def test_settings_that_take_no_frame(key, value):
    with pytest.raises(msgspec.ValidationError, match=f"{key}: wanted above 0"):
        msgspec.convert({key: value}, VideoFrames)


def test_of_a_dozen_videos_a_whole_one_is_held_out(tmp_path):
    videos = [tmp_path / f"{index:02d}.mp4" for index in range(16)]
    train, dev = split_videos(videos)
    assert [path.stem for path in dev] == ["06"]
    assert sorted(train + dev) == videos
    assert split_videos(videos[:5]) == (videos[:5], [])
