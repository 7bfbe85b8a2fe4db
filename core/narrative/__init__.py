"""The narrative of a disclosure: its sentences read by a grammar, and every figure in them bound to the table cell it speaks of."""
