"""The Python that a template becomes: Jinja's, but for what most of a template does; knows no fact and no route."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame

__all__ = ["Writer"]


class Writer(CodeGenerator):
    """Writes Jinja's code, but prints values by `printed`, and leaves a usual include to `included`.

    Templates and blocks yield their text as one piece: each piece would climb through every template that extends or includes.
    A field of a view is taken from it directly, and once in a template or block that does not set the variable: a view gives
    the same each time, and has noted it. Functions of ours are called without the sandbox, which would let them through.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._template: nodes.Template | None = None
        self._fields: dict[int, str] = {}  # fields of variables, by node: the local name that holds one, '' for none
        self._may_be_any = False  # whether a call is written that may be of anything

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802  (Jinja's name)
        self._template = node
        super().visit_Template(node, frame)

    def enter_frame(self, frame: Frame) -> None:
        super().enter_frame(frame)
        if frame.parent is not None:
            return
        self.buffer(frame)  # of a template or a block: each has a function of its own
        whole = self.blocks[frame.block] if frame.block else self._template
        assert whole is not None
        found = list(_fields_in(whole, frozenset(_set_in(whole))))
        counted = Counter(field for _, field in found)
        kept = {field: self.temporary_identifier() for field, times in counted.items() if times > 1}
        self._fields = {id(node): kept.get(field, "") for node, field in found}
        if kept:
            self.writeline(" = ".join((*kept.values(), "missing")))

    def leave_frame(self, frame: Frame, with_python_scope: bool = False) -> None:  # noqa: FBT001, FBT002  (Jinja's)
        super().leave_frame(frame, with_python_scope)
        if frame.parent is None:
            self.writeline(f"yield concat({frame.buffer})")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        name = self._fields.get(id(node))
        if name is None:
            super().visit_Getattr(node, frame)
            return
        assert isinstance(node.node, nodes.Name)
        holder = frame.symbols.ref(node.node.name)
        read = f"{holder}.get({node.attr!r})"
        self.write(f"({name} if {name} is not missing else ({name} := {read})" if name else f"({read}")
        self.write(f" if type({holder}) in environment.views else ")
        super().visit_Getattr(node, frame)
        self.write(")")

    def visit_Call(  # noqa: N802
        self,
        node: nodes.Call,
        frame: Frame,
        forward_caller: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        directly = None if forward_caller or self._may_be_any else self._directly(node.node, frame)
        if directly is None:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        begin, condition = directly
        self.write(f"({begin}")
        self.signature(node, frame)
        self.write(f") if {condition} else ")
        self._may_be_any = True  # or a call in a call would be written four times
        super().visit_Call(node, frame)
        self._may_be_any = False
        self.write(")")

    def _directly(self, called: nodes.Expr, frame: Frame) -> tuple[str, str] | None:
        """Return how a call begins that needs no sandbox, and when it is one; None for what is never of that kind."""
        if isinstance(called, nodes.Name):
            function = frame.symbols.ref(called.name)
            return f"{function}.func(context", f"type({function}) is environment.function and {function}.in_context"
        if isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name) and called.attr == "words":
            view = frame.symbols.ref(called.node.name)
            return f"environment.view.words({view}", f"type({view}) is environment.view"
        return None

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802
        name = node.template.value if isinstance(node.template, nodes.Const) else None
        if not isinstance(name, str) or not node.with_context or node.ignore_missing:
            super().visit_Include(node, frame)
            return
        pieces = f"environment.included({name!r}, context, {self.dump_local_context(frame)})"
        self.writeline(f"{frame.buffer}.extend({pieces})", node)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.printed(")


def _fields_in(node: nodes.Node, but: frozenset[str]) -> Iterator[tuple[nodes.Getattr, tuple[str, str]]]:
    """Yield each field of a variable, with the names of both, as far as it is in the function that is written for a template
    or a block; not of the variables `but`.
    """
    for child in node.iter_child_nodes(exclude=("test",) if isinstance(node, nodes.For) else None):
        if isinstance(child, nodes.Block | nodes.Macro | nodes.CallBlock) or getattr(child, "recursive", False):
            continue
        if isinstance(child, nodes.Getattr) and isinstance(child.node, nodes.Name) and child.node.name not in but:
            yield child, (child.node.name, child.attr)
        yield from _fields_in(child, but)


def _set_in(node: nodes.Node) -> Iterator[str]:
    """Yield the variables that are set anywhere in a template or a block."""
    yield "loop"
    for one in node.find_all((nodes.Name, nodes.Macro, nodes.Import, nodes.FromImport)):
        if isinstance(one, nodes.Name | nodes.Macro):
            if getattr(one, "ctx", "") != "load":
                yield one.name
        elif isinstance(one, nodes.Import):
            yield one.target
        elif isinstance(one, nodes.FromImport):
            yield from (name if isinstance(name, str) else name[1] for name in one.names)
