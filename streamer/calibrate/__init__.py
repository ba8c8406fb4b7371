"""`corefusion calibrate`: frames of two cameras in, a calibration, a report and a picture out."""
