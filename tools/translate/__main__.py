"""Brings every catalogue up to the code, and compiles it: `python -m tools.translate [LANGUAGE]`.

With the code of a language that has none, its catalogue is begun.
"""

import sys

from gui.language.translation import CATALOGUES
from tools.translate.catalogue import compiled, empty, read, updated, write
from tools.translate.marked import marked_texts


def main() -> None:
    """Writes the catalogues; tells what is still to be translated."""
    marked = marked_texts()
    for language in sorted({path.stem for path in CATALOGUES.glob("*.po")} | set(sys.argv[1:])):
        path = CATALOGUES / f"{language}.po"
        catalogue = updated(read(path) if path.exists() else empty(language), marked)
        write(catalogue, path)
        path.with_suffix(".mo").write_bytes(compiled(catalogue))
        missing = [entry for entry in catalogue.entries.values() if not all(entry.forms)]
        print(f"{path.name}: {len(marked)} texts, {len(missing)} of them not translated")
        for entry in missing[:20]:
            print(f"  {entry.place}: {entry.text!r}")


if __name__ == "__main__":
    main()
