"""What a person can do with categories besides naming them.

``editor`` changes all about one, ``suggestions`` offers those that the photos ask for, ``completing`` finishes a word
that is typed, ``sets_menu`` keeps whole lists and takes them up again; ``conducting`` joins these to the session.
"""
