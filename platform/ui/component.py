"""How a component becomes a template tag: a function that checks its arguments, a template that draws it.

The smallest ones, which stand on a page by the dozen, answer their HTML themselves and have no template; a block answers
what puts its content and its slots between its tags.

Arguments are checked when the page's template is compiled, so a typo fails in the first test that loads it. A block
component may hold named slots: {% slot "actions" %}…{% endslot %}.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import getfullargspec
from typing import Any

from django.template import Context, Library, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Template, Token
from django.template.library import parse_bits
from django.utils.safestring import SafeString

from ui.markup import escaped

Wrap = Callable[[SafeString, "Slots"], SafeString]
Draw = Callable[..., dict[str, Any] | SafeString | Wrap]
_ATTRIBUTES = ("hx_", "data_", "aria_", "form")


class ComponentNode(Node):
    """One use of a component on a page."""

    _found: Template | None = None

    def __init__(
        self,
        *,
        draw: Draw,
        template: str,
        args: list[FilterExpression],
        kwargs: dict[str, FilterExpression],
        nodelist: NodeList | None,
        takes_context: bool,
    ) -> None:
        self.draw = draw
        self.template_name = template
        self.args = args
        self.kwargs = kwargs
        self.takes_context = takes_context
        if nodelist is not None:
            self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        args = [arg.resolve(context) for arg in self.args]
        kwargs = {name: value.resolve(context) for name, value in self.kwargs.items()}
        if self.takes_context:
            args.insert(0, context)
        values = self.draw(*args, **kwargs)
        if isinstance(values, SafeString):
            return values
        if callable(values):
            return values(*self._inside(context))
        if hasattr(self, "nodelist"):
            values["content"], values["slots"] = self._inside(context)
        for shared in ("request", "csrf_token", "shell"):
            if shared in context:
                values.setdefault(shared, context[shared])
        # The component sees its own values only; what the engine keeps of the page goes on.
        inner = Context(
            values, autoescape=context.autoescape, use_l10n=context.use_l10n, use_tz=context.use_tz
        )
        inner.render_context, inner.template = context.render_context, context.template
        return self._template(context).render(inner)

    def _inside(self, context: Context) -> tuple[SafeString, Slots]:
        """What stands between the component's tags, and what was said there for its slots."""
        frames = _frames(context)
        frames.append(Slots())
        try:
            content = self.nodelist.render(context)
        finally:
            slots = frames.pop()
        return content, slots

    def _template(self, context: Context) -> Template:
        """Found once: the node lives as long as the page's own compiled template."""
        if self._found is None:
            self._found = context.template.engine.get_template(self.template_name)  # type: ignore[union-attr]
        return self._found


class SlotNode(Node):
    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        frames = _frames(context)
        if not frames:
            raise TemplateSyntaxError(f"slot {self.name!r} stands outside a component")
        frames[-1][self.name] = self.nodelist.render(context)
        return ""


class Slots(dict[str, SafeString]):
    """What stands in the slots of one component; a slot that was not used is empty."""

    def __missing__(self, name: str) -> str:
        return ""


def _frames(context: Context) -> list[Slots]:
    """The slots being gathered, one frame for each component that is open."""
    if not hasattr(context, "ui_slots"):
        context.ui_slots = []  # type: ignore[attr-defined]
    return context.ui_slots  # type: ignore[attr-defined]


def component(
    library: Library, *, block: bool = False, takes_context: bool = False, template: str = ""
) -> Callable[[Draw], Draw]:
    """Register a drawing function as a tag with the function's own arguments; `block` gives it an end tag."""

    def decorate(draw: Draw) -> Draw:
        name = draw.__name__.rstrip("_")
        spec = getfullargspec(draw)

        def compile_tag(parser: Parser, token: Token) -> ComponentNode:
            parse: Any = parse_bits  # the stubs have lost an argument
            args, kwargs = parse(
                parser,
                token.split_contents()[1:],
                list(spec.args),
                spec.varargs,
                spec.varkw,
                spec.defaults,
                spec.kwonlyargs,
                spec.kwonlydefaults,
                takes_context,
                name,
            )
            known = {*spec.args, *spec.kwonlyargs}
            for key in kwargs:
                if key not in known and not key.startswith(_ATTRIBUTES):
                    raise TemplateSyntaxError(f"{{% {name} %}} knows no argument {key!r}")
            nodelist = None
            if block:
                nodelist = parser.parse((f"end{name}",))
                parser.delete_first_token()
            return ComponentNode(
                draw=draw,
                template=template or f"ui/parts/{name}.html",
                args=args,
                kwargs=kwargs,
                nodelist=nodelist,
                takes_context=takes_context,
            )

        library.tag(name, compile_tag)
        return draw

    return decorate


def slot(parser: Parser, token: Token) -> SlotNode:
    """{% slot "actions" %}…{% endslot %}"""
    bits = token.split_contents()
    if len(bits) != 2 or bits[1][0] not in "\"'":
        raise TemplateSyntaxError('a slot has one quoted name: {% slot "actions" %}')
    nodelist = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(bits[1][1:-1], nodelist)


def attributes(given: dict[str, Any]) -> SafeString:
    """Names with underscores as HTML attributes with dashes; False and None are left out."""
    parts = [
        f" {name.replace('_', '-')}" + ("" if value is True else f'="{escaped(value)}"')
        for name, value in given.items()
        if value is not False and value is not None
    ]
    return SafeString("".join(parts))
