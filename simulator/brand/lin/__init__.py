"""Ms. Lin: her six steps as rows of the exports, told by hand.

Here: what each system wrote about her and when. Not here: her dates, amounts and identifiers (lin_story.py), how her
rows get into the files (export.py).
"""
