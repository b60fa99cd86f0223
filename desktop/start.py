"""What the program without Python starts: the desk, or any command that is named."""

import multiprocessing
import sys

from corredor.cli import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    if len(sys.argv) == 1:  # a double click
        sys.argv.append("desk")
    main()
