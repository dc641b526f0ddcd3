"""The demo brand 青岚 (Qinglan): a skincare brand in China that never was, as its vendors would export it.

Here: people, what moves them, what they do, and one exporter per group of channels; beside the exports the truth that
the product never reads. Imports no product code. Run as `python -m simulator.brand --home BRAND_HOME`;
docs/qinglan.md says what is in it.
"""
