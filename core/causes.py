"""Which cell is wrong when relations fail: one whose change makes them hold again without breaking those that hold now.

A wrong figure usually fails several relations at once (its row's sum, its parent's sum, another table). Where changing one
figure, or the same change in two cells of its row, mends them, that figure is the cause and the relations are its follow-ups.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.formulas.figures import Figure, Instance, Key

Changes = tuple[tuple[Key, Decimal], ...]
_ROUNDS = 60


@dataclass(frozen=True)
class Cause:
    """A figure that should read `expected` (in its own unit). `mended`: the failing relations this explains, as indices.

    `partners`: other cells of its row that are wrong by the same change. `alone` is False where only the position in the
    formula singles the figure out.
    """

    figure: Figure
    expected: Decimal
    mended: tuple[int, ...]
    partners: tuple[tuple[Figure, Decimal], ...] = ()
    alone: bool = True


class _State:
    """Relations with some figures changed for trial."""

    def __init__(self, instances: Sequence[Instance]) -> None:
        self.instances = instances
        self.residual = [i.residual for i in instances]
        self.touched = [False] * len(instances)
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

    def holds(self, number: int, off: Decimal = Decimal(0)) -> bool:
        instance = self.instances[number]
        if not off and not self.touched[number]:
            return instance.holds()
        return abs(self.residual[number] + off) <= max(instance.tolerance, _slack(instance))

    def effect(self, changes: Changes) -> tuple[list[int], list[int]]:
        """The relations that these changes would mend, and those that they would break."""
        off: dict[int, Decimal] = {}
        for key, delta in changes:
            for number in self.using[key]:
                off[number] = off.get(number, Decimal(0)) + self.factors[number][key] * delta
        mended = [n for n, o in off.items() if not self.holds(n) and self.holds(n, o)]
        broken = [n for n, o in off.items() if self.holds(n) and not self.holds(n, o)]
        return mended, broken

    def apply(self, changes: Changes) -> None:
        for key, delta in changes:
            self.value[key] += delta
            for number in self.using[key]:
                self.residual[number] += self.factors[number][key] * delta
                self.touched[number] = True


def _slack(instance: Instance) -> Decimal:
    """A trial value comes from another relation and carries that one's rounding: strict relations get one unit of play."""
    digits = [t.figure.amount.to(instance.unit).digits for t in instance.terms if t.figure.amount]
    return Decimal(1).scaleb(-min(digits)) if digits else Decimal(0)


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
        causes.append(Cause(state.figures[key], state.value[key], tuple(n for n in best.mended if n in origin),
                            tuple((state.figures[k], state.value[k]) for k, _ in best.changes[1:])))
        failing = {n for n in failing | set(best.broken) if n not in best.mended}
    return [c for c in causes if c.mended]


@dataclass(frozen=True)
class _Trial:
    changes: Changes
    mended: tuple[int, ...]
    broken: tuple[int, ...]
    rank: tuple[int, int, int, int]
    """What it explains net, fewest cells, how often it is the figure compared, then its order: a stable last resort."""


def _trials(state: _State, failing: set[int]) -> Iterator[_Trial]:
    """Every change that explains more than it breaks, and is the only one to do so where it explains a single relation."""
    singles: dict[int, list[_Trial]] = {}
    for key in dict.fromkeys(k for n in sorted(failing) for k in state.factors[n]):
        for delta in _deltas(state, key, failing):
            for changes in _with_partner(state, ((key, delta),), failing):
                mended, broken = state.effect(changes)
                gain = [n for n in mended if n in failing]
                if len(gain) <= len(broken) or not gain:
                    continue
                front = sum(state.instances[n].left is not None and _key(state.instances[n].left) == key for n in gain)
                trial = _Trial(changes, tuple(gain), tuple(broken), (len(gain) - len(broken), -len(changes), front, -state.using[key][0]))
                if len(gain) == 1:
                    singles.setdefault(gain[0], []).append(trial)
                else:
                    yield trial
    for trials in singles.values():
        if len({t.changes[0][0] for t in trials}) == 1:
            yield trials[0]


def _key(figure: Figure | None) -> Key | None:
    return figure.key if figure is not None else None


def _deltas(state: _State, key: Key, failing: set[int]) -> list[Decimal]:
    """The changes of this figure that its failing relations ask for; the strictest relation first."""
    wanted = [(state.instances[n].tolerance, len(state.factors[n]), -state.residual[n] / state.factors[n][key])
              for n in state.using[key] if n in failing]
    return list(dict.fromkeys(delta for _, _, delta in sorted(wanted)))


def _with_partner(state: _State, changes: Changes, failing: set[int]) -> Iterable[Changes]:
    """The change alone, and with the cell of its row that keeps a holding relation of the row holding."""
    yield changes
    (key, delta), = changes
    _, broken = state.effect(changes)
    for number in broken:
        for other, factor in state.factors[number].items():
            if other != key and other[:3] == key[:3] and any(n in failing for n in state.using[other]):
                yield (*changes, (other, -state.factors[number][key] * delta / factor))
