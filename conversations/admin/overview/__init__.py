"""The first page: is it healthy, who is here, what did it cost, what goes wrong.

A module for each question; each gives Tables, which the page shows and CSV tells.
"""
