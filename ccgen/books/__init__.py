"""What is written into data/ over time: maps, ledgers and findings, appended and never rewritten; knows no page.

Only these modules may use the network, and only when asked.
"""
