"""The sheet with the models: what each is good for, how it comes, which one is used.

``work`` does what takes time (asking a hub, downloading, copying, deleting) on a thread of its own and outlives the
sheet, so a download goes on while the window is used. ``dialog`` shows a ``card`` per model and says what a person
wants; the main window, which owns the settings, lets it hold.
"""
