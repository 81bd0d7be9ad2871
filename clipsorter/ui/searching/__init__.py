"""What stands in the search field.

A phrase is typed as text in the grammar of ``ranking.grammar``; ``tokens`` says which of its parts are complete,
``token_words`` how a part is called, and each becomes a ``chip``. Pictures to look for are chips as well. ``no_hits``
explains an empty answer and how to relax the question.
"""
