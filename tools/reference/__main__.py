"""Writes every reference page: `python -m tools.reference`."""

from tools.reference.pages import FOLDER, PAGES
from tools.reference.weights import README, weights_page


def main() -> None:
    """Writes the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")
    README.write_text(weights_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
