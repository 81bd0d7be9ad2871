"""Groups of photos across all bins.

``albums`` are those that make themselves from folders and dates; ``duplicates`` is the page of photos that are there
more than once, over ``duplicate_model``; ``conducting`` joins them to the session.
"""
