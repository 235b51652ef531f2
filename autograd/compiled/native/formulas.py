"""The interpreter of large tapes: a loop for each kind of operation, made of the table's formulas.

Machine code of a whole graph would take minutes to make. This is made once for all graphs with the
same kinds of operations, and runs a tape group by group (see `levels.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograd.compiled.large.trees import Tree
from autograd.compiled.native.instructions import Code
from autograd.compiled.native.kinds import Kind
from autograd.compiled.native.rules import Formula
from autograd.language.symbols import Symbol, steps_of

# What is in the slot of a share that carries nothing: a nan that no arithmetic gives.
NOTHING = 0x7FFDEAD0BEEF0001
NAMES = (
    *("groups", "operands", "constants", "values"),
    *("begins", "slots", "shares", "wanted", "gradients"),
)


def text(kinds: Sequence[Tree]) -> str:
    """The functions `forward` and `reverse` for these kinds, as LLVM's text.

    Each takes a pointer to 64-bit integers: the number of groups, of wanted gradients, and the
    addresses of `NAMES`.
    """
    formulas = [Formula(tree) for tree in kinds]
    dropping = any(formula.chosen for formula in formulas)
    forward, reverse = Code(Kind()), Code(Kind())
    _forward(forward, formulas)
    _reverse(reverse, formulas, dropping)
    declared = {**forward.declared, **reverse.declared}
    attributes = "attributes #0 = { nobuiltin nounwind }"
    return "\n".join([*declared, *forward.lines, *reverse.lines, attributes, ""])


def _begin(code: Code, name: str) -> None:
    """The function's first block: what it works on."""
    code.do(f"define void @{name}(ptr %call) {{")
    code.do("entry:")
    for index, each in enumerate(("count", "wanted_count", *NAMES)):
        kind = "i64" if index < 2 else "ptr"
        code.do(f"%at_{each} = getelementptr i64, ptr %call, i64 {index}")
        code.do(f"%{each} = load {kind}, ptr %at_{each}")


def _dispatch(code: Code, kinds: int, first: str, following: str, more: str, after: str) -> None:
    """The loop over groups: it goes to the loop for the kind of each."""
    code.do("br label %dispatch")
    code.do("dispatch:")
    code.do(f"%g = phi i64 [ {first}, %entry ], [ %g_next, %next ]")
    code.do(f"%more = {more}")
    code.do(f"br i1 %more, label %group, label %{after}")
    code.do("group:")
    code.do("%record = getelementptr [4 x i32], ptr %groups, i64 %g")
    for index, name in enumerate(("kind", "start32", "length32", "offset32")):
        code.do(f"%at_{name} = getelementptr i32, ptr %record, i64 {index}")
        code.do(f"%{name} = load i32, ptr %at_{name}")
    for name in ("start", "length", "offset"):
        code.do(f"%{name} = zext i32 %{name}32 to i64")
    code.do("%own_operands = getelementptr i32, ptr %operands, i64 %offset")
    code.do("%own_slots = getelementptr i32, ptr %slots, i64 %offset")
    cases = " ".join(f"i32 {k}, label %kind{k}" for k in range(kinds))
    code.do(f"switch i32 %kind, label %next [ {cases} ]")
    code.do("next:")
    code.do(f"%g_next = {following}")
    code.do("br label %dispatch")


def _loop(code: Code, k: int, arity: int) -> str:
    """Begins the loop over the operations of a group; returns the place of the operation."""
    code.do(f"kind{k}:")
    code.do(f"br label %head{k}")
    code.do(f"head{k}:")
    code.do(f"%j{k} = phi i64 [ 0, %kind{k} ], [ %j{k}_next, %tail{k} ]")
    code.do(f"%row{k} = mul i64 %j{k}, {arity}")
    code.do(f"%place{k} = add i64 %start, %j{k}")
    return f"%place{k}"


def _end_loop(code: Code, k: int) -> None:
    code.block(f"tail{k}")
    code.do(f"%j{k}_next = add i64 %j{k}, 1")
    code.do(f"%j{k}_more = icmp ult i64 %j{k}_next, %length")
    code.do(f"br i1 %j{k}_more, label %head{k}, label %next")


def _index(code: Code, table: str, k: int, operand: int) -> str:
    """An entry of a table of integers for an operand of the present operation."""
    place = code.add(f"add i64 %row{k}, {operand}")
    address = code.add(f"getelementptr i32, ptr {table}, i64 {place}")
    return code.add(f"zext i32 {code.add(f'load i32, ptr {address}')} to i64")


def _number(code: Code, table: str, place: str) -> str:
    address = code.add(f"getelementptr double, ptr {table}, i64 {place}")
    return code.add(f"load double, ptr {address}")


def _store(code: Code, number: str, table: str, place: str) -> None:
    address = code.add(f"getelementptr double, ptr {table}, i64 {place}")
    code.do(f"store double {number}, ptr {address}")


def _operands(
    code: Code, formula: Formula, k: int, first: int, wanted: Sequence[Symbol]
) -> dict[Symbol, str]:
    """Fetches the operands and constants, from the first of its own, needed for some symbols."""
    used = _used(wanted)
    constants = {
        constant: _number(code, "%constants", str(first + i))
        for i, constant in enumerate(formula.constants)
        if constant in used
    }
    return constants | {
        argument: _number(code, "%values", _index(code, "%own_operands", k, i))
        for i, argument in enumerate(formula.arguments)
        if argument in used
    }


def _firsts(formulas: Sequence[Formula]) -> Iterator[int]:
    """Where the constants of each kind begin, in the array of all."""
    first = 0
    for formula in formulas:
        yield first
        first += len(formula.constants)


def _used(wanted: Sequence[Symbol]) -> set[Symbol]:
    """Symbols, and all that they are computed from."""
    return {a for step in steps_of(wanted) for a in step.arguments} | set(wanted)


def _steps(code: Code, wanted: Sequence[Symbol], known: dict[Symbol, str]) -> list[str]:
    """The instructions for some symbols; returns their texts."""
    for step in steps_of(wanted, known):
        known[step] = code.step(step, [code.operand(a, known) for a in step.arguments])
    return [code.operand(symbol, known) for symbol in wanted]


def _forward(code: Code, formulas: Sequence[Formula]) -> None:
    """All values, in the order of the groups."""
    _begin(code, "forward")
    _dispatch(
        code, len(formulas), "0", "add i64 %g, 1", "icmp ult i64 %g, %count", after="forward_exit"
    )
    for k, (formula, first) in enumerate(zip(formulas, _firsts(formulas), strict=True)):
        place = _loop(code, k, len(formula.arguments))
        known = _operands(code, formula, k, first, [formula.value])
        (value,) = _steps(code, [formula.value], known)
        _store(code, value, "%values", place)
        _end_loop(code, k)
    code.do("forward_exit:")
    code.do("ret void")
    code.do("}")


def _reverse(code: Code, formulas: Sequence[Formula], dropping: bool) -> None:
    """The shares of all edges, in the opposite order, and the gradients that are wanted."""
    _begin(code, "reverse")
    code.do("%g_last = sub i64 %count, 1")
    _dispatch(code, len(formulas), "%g_last", "sub i64 %g, 1", "icmp sge i64 %g, 0", after="inputs")
    for k, (formula, first) in enumerate(zip(formulas, _firsts(formulas), strict=True)):
        place = _loop(code, k, len(formula.arguments))
        upstream, nothing = _sum(code, f"place{k}_sum", place, f"tail{k}", dropping)
        wanted = [*formula.shares, *formula.chosen]
        known = _operands(code, formula, k, first, wanted)
        known[formula.upstream] = upstream
        if formula.known in _used(wanted):
            known[formula.known] = _number(code, "%values", place)
        found = _steps(code, wanted, known)
        for i, share in enumerate(found[: len(formula.shares)]):
            if dropping:
                partial = found[len(formula.shares) + i] if formula.chosen else ""
                share = _dropped(code, share, partial, nothing)
            _store(code, share, "%shares", _index(code, "%own_slots", k, i))
        _end_loop(code, k)
    code.do("inputs:")
    code.do("%w = phi i64 [ 0, %dispatch ], [ %w_next, %w_tail ]")
    code.do("%w_more = icmp ult i64 %w, %wanted_count")
    code.do("br i1 %w_more, label %w_one, label %reverse_exit")
    code.do("w_one:")
    code.do("%w_at = getelementptr i32, ptr %wanted, i64 %w")
    code.do("%w_place32 = load i32, ptr %w_at")
    code.do("%w_place = zext i32 %w_place32 to i64")
    total, nothing = _sum(code, "w_sum", "%w_place", "w_none", dropping)
    if dropping:
        total = code.add(f"select i1 {nothing}, double 0.0, double {total}")
    _store(code, total, "%gradients", "%w")
    code.do("br label %w_tail")
    code.do("w_none:")
    _store(code, code.kind.constant(0.0), "%gradients", "%w")
    code.do("br label %w_tail")
    code.do("w_tail:")
    code.do("%w_next = add i64 %w, 1")
    code.do("br label %inputs")
    code.do("reverse_exit:")
    code.do("ret void")
    code.do("}")


def _sum(code: Code, label: str, place: str, without: str, dropping: bool) -> tuple[str, str]:
    """Adds up the slots of a place in their order; without a slot it goes elsewhere.

    Returns:
        The sum, and whether nothing comes to the place.
    """
    end = code.add(f"add i64 {place}, 1")
    bounds = []
    for index in (place, end):
        address = code.add(f"getelementptr i32, ptr %begins, i64 {index}")
        bounds.append(code.add(f"zext i32 {code.add(f'load i32, ptr {address}')} to i64"))
    low, high = bounds
    some = code.add(f"icmp ult i64 {low}, {high}")
    code.block(f"{label}_some", f"br i1 {some}, label %{label}_some, label %{without}")
    first = _number(code, "%shares", low)
    nothing_first = _is_nothing(code, first) if dropping else "false"
    start = code.add(f"add i64 {low}, 1")
    code.do(f"br label %{label}_loop")
    code.do(f"{label}_loop:")
    code.do(f"%{label}_i = phi i64 [ {start}, %{label}_some ], [ %{label}_n, %{label}_add ]")
    code.do(f"%{label}_t = phi double [ {first}, %{label}_some ], [ %{label}_u, %{label}_add ]")
    code.do(f"%{label}_z = phi i1 [ {nothing_first}, %{label}_some ], [ %{label}_y, %{label}_add ]")
    code.do(f"%{label}_m = icmp ult i64 %{label}_i, {high}")
    code.do(f"br i1 %{label}_m, label %{label}_add, label %{label}_done")
    code.do(f"{label}_add:")
    code.do(f"%{label}_a = getelementptr double, ptr %shares, i64 %{label}_i")
    code.do(f"%{label}_x = load double, ptr %{label}_a")
    if dropping:  # what carries nothing is not added
        skipped = _is_nothing(code, f"%{label}_x")
        added = code.add(f"fadd double %{label}_t, %{label}_x")
        kept = code.add(f"select i1 %{label}_z, double %{label}_x, double {added}")
        code.do(f"%{label}_u = select i1 {skipped}, double %{label}_t, double {kept}")
        code.do(f"%{label}_y = and i1 %{label}_z, {skipped}")
    else:
        code.do(f"%{label}_u = fadd double %{label}_t, %{label}_x")
        code.do(f"%{label}_y = and i1 %{label}_z, false")
    code.do(f"%{label}_n = add i64 %{label}_i, 1")
    code.do(f"br label %{label}_loop")
    code.do(f"{label}_done:")
    return f"%{label}_t", f"%{label}_z"


def _is_nothing(code: Code, share: str) -> str:
    bits = code.add(f"bitcast double {share} to i64")
    return code.add(f"icmp eq i64 {bits}, {NOTHING}")


def _dropped(code: Code, share: str, partial: str, nothing: str) -> str:
    """The share, or nothing where the operand was not chosen or nothing came to the place."""
    if partial:
        is_zero = code.add(f"fcmp oeq double {partial}, {code.kind.constant(0.0)}")
        nothing = code.add(f"or i1 {nothing}, {is_zero}")
    empty = f"0x{NOTHING:016X}"
    return code.add(f"select i1 {nothing}, double {empty}, double {share}")
