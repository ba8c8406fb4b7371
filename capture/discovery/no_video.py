"""Thermal cameras that are no video devices: they are named, and what they would need."""

from pathlib import Path

USB_DEVICES = Path("/sys/bus/usb/devices")

_KNOWN = {
    "09cb:1996": "FLIR One",
    "289d:0010": "Seek Compact",
    "289d:0011": "Seek CompactPRO",
    "3474:45a2": "Thermal Master P3",
    "3474:45c2": "Thermal Master P1",
}
"""By `vid:pid`; each has its maker's own protocol (fnoop/flirone-v4l2, OpenThermal/libseek-thermal,
jvdillon/p3-ir-camera)."""

ADVICE = (
    "it is no video device: a driver of its own (python:MODULE:CLASS), or a program that offers it "
    "as one (v4l2loopback), is needed"
)


def cameras_without_video(folder: Path = USB_DEVICES) -> list[tuple[str, str]]:
    """(`vid:pid`, what it is) of each that is connected, in the order of their ports.

    Args:
        folder: of the descriptions of USB devices.
    """
    found = []
    for device in sorted(folder.iterdir()) if folder.is_dir() else ():
        try:
            vendor, product = (
                (device / name).read_text(encoding="ascii", errors="replace").strip().lower()
                for name in ("idVendor", "idProduct")
            )
        except OSError:  # an interface, or it has just gone
            continue
        usb_id = f"{vendor}:{product}"
        if usb_id in _KNOWN:
            found.append((usb_id, _KNOWN[usb_id]))
    return found
