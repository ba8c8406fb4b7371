"""What OpenCV and the FFmpeg in it print by themselves is kept away: our errors name the file."""

import os

import cv2


def silence_opencv() -> None:
    """Switches their messages off for this process."""
    os.environ["OPENCV_FFMPEG_LOGLEVEL"] = "-8"  # AV_LOG_QUIET
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
