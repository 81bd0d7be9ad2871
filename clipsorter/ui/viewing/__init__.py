"""What the viewer says beside the photo: ``facts_panel`` the facts and tags, ``why_words`` the sentences."""
