"""The window, and the only Qt user.

``app`` starts it; ``jobs`` pumps the engine's generators on one background thread; ``main_window`` lays out the side
panel, search field, board and footer. A board is columns of ``grid`` views over arrays of photo ids, so 100,000 photos
cost no more to show than a hundred.
"""
