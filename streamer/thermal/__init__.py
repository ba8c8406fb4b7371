"""Thermography of pictures: readings, spans, palettes and colours. NumPy alone: no Qt, no OpenCV.

The window and an exported film both colour a picture by this, so that they look the same.
"""
