"""Where the bundle starts. Child processes start here too, and ``freeze_support`` sends them to their own work."""

from multiprocessing import freeze_support

if __name__ == "__main__":
    freeze_support()  # before anything else is imported: a decode worker must not pay for the window

    from clipsorter.__main__ import main

    raise SystemExit(main())
