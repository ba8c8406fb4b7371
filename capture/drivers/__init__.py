"""One module a driver: a class behind `capture.camera.Camera` for each kind of source."""
