"""Videos of counts: which pixel formats are exact here, which need PyAV, which are refused."""

from streamer.pictures.videos.pixel_format import VideoFormat, format_of_tag
from streamer.pictures.videos.reader import VideoReader, open_video

__all__ = ["VideoFormat", "VideoReader", "format_of_tag", "open_video"]
