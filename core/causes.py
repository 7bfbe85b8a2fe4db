"""Which cell is wrong when relations fail: one whose change makes them hold again without breaking those that hold now.

A wrong figure usually fails several relations at once (its row's sum, its parent's sum, another table). Where changing one
figure mends them, that figure is the cause and the relations are its follow-ups. A change may take others along that keep the
table's own sums: other cells of the row, the rows above it. A row that one table lacks is a figure too, unwritten.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.formulas.figures import Figure, Instance, Key

Changes = tuple[tuple[Key, Decimal], ...]
_ROUNDS = 60
_CHAIN = 14


@dataclass(frozen=True)
class Cause:
    """A figure that should read `expected` (in its own unit). `mended`: the failing relations this explains, as indices.

    `partners`: other cells of its row and rows above that are wrong along with it.
    """

    figure: Figure
    expected: Decimal
    mended: tuple[int, ...]
    partners: tuple[tuple[Figure, Decimal], ...] = ()


class _State:
    """Relations with some figures changed for trial."""

    def __init__(self, instances: Sequence[Instance]) -> None:
        self.instances = instances
        self.residual = [i.residual for i in instances]
        self.play = [Decimal(0)] * len(instances)
        self.factors: list[dict[Key, Decimal]] = []
        self.using: dict[Key, list[int]] = {}
        self.figures: dict[Key, Figure] = {}
        self.value: dict[Key, Decimal] = {}
        for number, instance in enumerate(instances):
            factors: dict[Key, Decimal] = {}
            for term in instance.terms:
                key = term.figure.key
                factors[key] = factors.get(key, Decimal(0)) + term.factor
                self.figures.setdefault(key, term.figure)
                self.value.setdefault(key, term.figure.value)
            self.factors.append({k: f for k, f in factors.items() if f})
            for key in self.factors[-1]:
                self.using.setdefault(key, []).append(number)
        self.sums = {i.left.key for i in instances if i.left is not None and _is_column_sum(i)}
        self._take_in_missing_rows()

    def _take_in_missing_rows(self) -> None:
        """A row that another table shows to be missing would be an addend of the row above it."""
        parents = [(n, i.left) for n, i in enumerate(self.instances) if i.left is not None and _is_column_sum(i)]
        for key, figure in self.figures.items():
            if not figure.missing:
                continue
            code = str(key[2]).partition(":")[2]
            above = [(len(label), n, left) for n, left in parents if left.table == figure.table and left.column == figure.column
                     and ((label := _code(left)) == "" or code.startswith(label) and label != code)]
            if above:
                _, number, left = max(above, key=lambda a: a[0])
                self.factors[number][key] = -self.factors[number][left.key]
                self.using[key].append(number)

    def holds(self, number: int, off: Decimal = Decimal(0), play: Decimal = Decimal(0)) -> bool:
        """Whether a relation holds, now or when it is off by so much more. `play`: see `_play`."""
        return abs(self.residual[number] + off) <= max(self.instances[number].tolerance, self.play[number], play)

    def effect(self, changes: Changes) -> tuple[list[int], list[int]]:
        """The relations that these changes would mend, and those that they would break."""
        off: dict[int, Decimal] = {}
        for key, delta in changes:
            for number in self.using[key]:
                off[number] = off.get(number, Decimal(0)) + self.factors[number][key] * delta
        least = min(abs(d) for _, d in changes)
        after = {n: self.holds(n, o, _play(self.instances[n], least)) for n, o in off.items()}
        return [n for n in off if after[n] and not self.holds(n)], [n for n in off if not after[n] and self.holds(n)]

    def apply(self, changes: Changes) -> None:
        for key, delta in changes:
            self.value[key] += delta
            for number in self.using[key]:
                self.residual[number] += self.factors[number][key] * delta
                self.play[number] = max(self.play[number], _play(self.instances[number], abs(delta)))


def _is_column_sum(instance: Instance) -> bool:
    """A row as the sum of the rows below it: every figure in one column of one table."""
    left = instance.left
    return left is not None and len(instance.terms) > 1 and all(
        t.figure.table == left.table and t.figure.column == left.column and (t.figure is left or t.figure.key[2] != left.key[2])
        for t in instance.terms)


def _code(figure: Figure) -> str:
    """The code at the front of a row's label; empty for a total."""
    first = figure.row.split(" ", 1)[0]
    return first if first.isdigit() else ""


def _play(instance: Instance, delta: Decimal) -> Decimal:
    """A trial value comes from another relation and carries that one's rounding: strict relations get one unit of play,
    unless the change itself is hardly more."""
    digits = [t.figure.amount.to(instance.unit).digits for t in instance.terms if t.figure.amount]
    return min(Decimal(1).scaleb(-min(digits)), delta / 4) if digits else Decimal(0)


def find_causes(instances: Sequence[Instance]) -> list[Cause]:
    """The causes of the failing ones among these relations (equations that must hold), most telling first."""
    state = _State(instances)
    failing = {n for n, i in enumerate(instances) if not i.holds() and i.terms}
    origin = set(failing)
    causes: list[Cause] = []
    for _ in range(_ROUNDS):
        best = max(_trials(state, failing), default=None, key=lambda t: t.rank)
        if best is None:
            break
        state.apply(best.changes)
        key = best.changes[0][0]
        mended = set(best.mended)
        if state.figures[key].missing:
            mended |= _sums_that_lack(state, key, failing)
        causes.append(Cause(state.figures[key], state.value[key], tuple(sorted(mended & origin)),
                            tuple((state.figures[k], state.value[k]) for k, _ in best.changes[1:])))
        failing = (failing | set(best.broken)) - mended
    return [c for c in causes if c.mended]


def _sums_that_lack(state: _State, key: Key, failing: set[int]) -> set[int]:
    """The sums of the row above a missing row, in the columns that no other table tells."""
    rows = {left.key[:3] for n in state.using[key] if (left := state.instances[n].left) is not None and left.key in state.sums}
    return {n for n in failing if (left := state.instances[n].left) is not None and left.key in state.sums and left.key[:3] in rows}


@dataclass(frozen=True)
class _Trial:
    changes: Changes
    mended: tuple[int, ...]
    broken: tuple[int, ...]
    rank: tuple[int, int, int, int, int]
    """What it explains net, fewest cells, a detail rather than a sum, how often it is the figure compared, then its order."""


def _trials(state: _State, failing: set[int]) -> Iterator[_Trial]:
    """Every change that explains more than it breaks, and is the only one to do so where all it explains is one row's relation."""
    single: dict[tuple[object, ...], list[_Trial]] = {}
    for key in dict.fromkeys(k for n in sorted(failing) for k in state.factors[n]):
        for delta in _deltas(state, key, failing):
            for changes in _taking_along(state, (key, delta), failing):
                mended, broken = state.effect(changes)
                gain = [n for n in mended if n in failing]
                if len(gain) <= len(broken):
                    continue
                front = sum(_left_key(state, n) == key for n in gain)
                rank = (len(gain) - len(broken), -len(changes), key not in state.sums, front, -state.using[key][0])
                trial = _Trial(changes, tuple(gain), tuple(broken), rank)
                about = {_about(state, n) for n in gain}
                if len(about) == 1:
                    single.setdefault(about.pop(), []).append(trial)
                else:
                    yield trial
    for trials in single.values():
        if len({t.changes[0][0][:3] for t in trials}) == 1:
            yield max(trials, key=lambda t: t.rank)


def _left_key(state: _State, number: int) -> Key | None:
    left = state.instances[number].left
    return left.key if left is not None else None


def _about(state: _State, number: int) -> tuple[object, ...]:
    """The sums of one row over the rows below tell the same thing in every column and count once."""
    left = state.instances[number].left
    return left.key[:3] if left is not None and left.key in state.sums and _is_column_sum(state.instances[number]) else (number,)


def _deltas(state: _State, key: Key, failing: set[int]) -> list[Decimal]:
    """The changes of this figure that its failing relations ask for; the strictest relation first."""
    wanted = [(state.instances[n].tolerance, len(state.factors[n]), -state.residual[n] / state.factors[n][key])
              for n in state.using[key] if n in failing]
    return list(dict.fromkeys(delta for _, _, delta in sorted(wanted)))


def _taking_along(state: _State, first: tuple[Key, Decimal], failing: set[int]) -> Iterator[Changes]:
    """The change alone; then with what keeps the broken sums of its own table: cells of its row, rows above it."""
    changes: Changes = (first,)
    table = first[0][:2]
    yield changes
    for _ in range(_CHAIN):
        _, broken = state.effect(changes)
        held = {k for k, _ in changes}
        step = next(((key, delta) for n in broken for key, delta in _repairs(state, n, changes)
                     if key not in held and key[:2] == table and (key[2] == first[0][2] or key in state.sums)
                     and any(m in failing for m in state.using[key])), None)
        if step is None:
            return
        changes = (*changes, step)
        yield changes


def _repairs(state: _State, number: int, changes: Changes) -> Iterator[tuple[Key, Decimal]]:
    """What each other figure of a relation would have to change by for the relation to hold after these changes."""
    factors = state.factors[number]
    off = state.residual[number] + sum((factors[k] * d for k, d in changes if k in factors), Decimal(0))
    for key, factor in factors.items():
        yield key, -off / factor
