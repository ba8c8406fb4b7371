"""The widgets of a replay: playback bar, seek bar, thumbnails."""
