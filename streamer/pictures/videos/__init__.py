"""Videos of counts: which pixel formats are exact here, which need PyAV, which are refused."""

from streamer.pictures.videos.packed import PackedReader
from streamer.pictures.videos.pixel_format import VideoFormat, format_of_tag
from streamer.pictures.videos.reader import VIDEO_SUFFIXES, VideoReader, open_video

__all__ = [
    "VIDEO_SUFFIXES",
    "PackedReader",
    "VideoFormat",
    "VideoReader",
    "format_of_tag",
    "open_video",
]
