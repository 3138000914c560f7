"""Indicators by their published definitions, over blocks ``[symbols, bars]`` that end at the last closed bar.

Every kernel takes float64 arrays whose rows are padded with NaN on the left, and ``start``, the column of each row's
first bar. A row's numbers never depend on another row: sums run in a fixed order, one bar after the other, because
numpy's own reductions choose theirs by the shape of the array. Kernels refuse to know symbols, settings or labels.
"""
