"""The server: it reads requests from standard input and answers on standard output, in the words of the protocol.

Model Context Protocol, https://modelcontextprotocol.io/specification; the official SDK speaks it.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Final

import mcp_types as types
from jsonschema import Draft202012Validator
from mcp import MCPError, stdio_server
from mcp.server import Server

from kg import __version__
from kg.agent import resources, views
from kg.agent.bounds import written
from kg.agent.tools import INSTRUCTIONS, NOTICE, TOOLS
from kg.queries import NAMED
from kg.serve.pool import Pool
from kg.serve.worker import Answer, Call

if TYPE_CHECKING:
    from kg.agent.tools import Tool
    from kg.serve.limits import Limits

__all__ = ["serve"]

_BY_NAME: Final = {tool.name: tool for tool in TOOLS}
_SHOWN: Final = 200
#: So many seconds a request waits for the graph to be read; clients give up after a minute.
_PATIENCE: Final = 45
_UNKNOWN: Final = -32602


class Agent:
    """The answers to requests. Short ones come from one process, long ones from another."""

    def __init__(self, short: Pool, long: Pool) -> None:
        self._short, self._long = short, long
        self._ready = {pool: asyncio.Event() for pool in (short, long)}

    async def start(self) -> None:
        """Read the graph, while requests wait."""
        await asyncio.gather(*(self._started(pool) for pool in (self._long, self._short)))

    async def _started(self, pool: Pool) -> None:
        await pool.started()
        self._ready[pool].set()

    async def _ask(self, pool: Pool, call: Call) -> Answer:
        """Ask a process, once it has read the graph."""
        try:
            await asyncio.wait_for(self._ready[pool].wait(), _PATIENCE)
        except TimeoutError:
            return Answer.line("busy", "the graph is being read: ask again in a minute")
        return await pool.ask(call)

    async def tools(self, *_: Any) -> types.ListToolsResult:
        """Tell which tools there are."""
        return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS])

    async def call(self, _: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        """Answer a tool; what is wrong with a question is an answer too, in one line."""
        tool = _BY_NAME.get(asked.name)
        if tool is None:
            raise MCPError(_UNKNOWN, f"no tool {asked.name[:60]!r}: there are {', '.join(_BY_NAME)}")
        arguments = {name: _whole(value) for name, value in (asked.arguments or {}).items()}
        fault = _fault(tool, arguments)
        if fault:
            return _failed(fault)
        answer = await self._ask(self._long if tool.long else self._short, Call(tool.view, arguments))
        if answer.outcome != "answer":
            return _failed(answer.body.decode())
        told = {"notice": NOTICE} | json.loads(answer.body)
        return types.CallToolResult(content=[types.TextContent(text=written(told))], structured_content=told)

    async def resources(self, *_: Any) -> types.ListResourcesResult:
        """Tell what can be read."""
        fixed = (
            (resources.ABOUT, "about", "What the graph holds, counted", "application/json"),
            (resources.ONTOLOGY, "ontology", "The classes and properties of the graph", "text/turtle"),
            (resources.SHAPES, "shapes", "What a well-made graph looks like, in SHACL", "text/turtle"),
            (resources.QUERIES, "queries", "The named queries, with their parameters", "application/json"),
        )
        return types.ListResourcesResult(
            resources=[
                *(
                    types.Resource(uri=uri, name=name, description=says, mime_type=form)
                    for uri, name, says, form in fixed
                ),
                *(
                    types.Resource(
                        uri=resources.query(query.name),
                        name=query.name,
                        description=query.question,
                        mime_type="application/json",
                    )
                    for query in NAMED.values()
                ),
            ]
        )

    async def templates(self, *_: Any) -> types.ListResourceTemplatesResult:
        """Tell how a named query is addressed."""
        template = types.ResourceTemplate(
            uri_template=f"{resources.QUERIES}/{{name}}",
            name="query",
            description="A named query: its question, parameters and SPARQL",
            mime_type="application/json",
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def read(self, _: Any, asked: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        """Give a resource."""
        uri = str(asked.uri)
        found = resources.text(uri)
        if found is None and uri == resources.ABOUT:
            answer = await self._ask(self._short, Call(views.about, {}))
            if answer.outcome != "answer":
                raise MCPError(_UNKNOWN, answer.body.decode())
            found = "application/json", written({"notice": NOTICE} | json.loads(answer.body))
        if found is None:
            raise MCPError(_UNKNOWN, f"nothing is at {uri[:_SHOWN]!r}: list the resources")
        form, text = found
        return types.ReadResourceResult(contents=[types.TextResourceContents(uri=asked.uri, mime_type=form, text=text)])


def serve(graph: str, limits: Limits) -> None:
    """Answer until standard input ends."""
    asyncio.run(_serve(graph, limits))


async def _serve(graph: str, limits: Limits) -> None:
    short, long = Pool(graph, 1, limits, prepared=True), Pool(graph, 1, limits)
    agent = Agent(short, long)
    server: Server[Any] = Server(
        "kg",
        version=__version__,
        title="Machine-learning papers, quoted",
        instructions=INSTRUCTIONS,
        on_list_tools=agent.tools,
        on_call_tool=agent.call,
        on_list_resources=agent.resources,
        on_list_resource_templates=agent.templates,
        on_read_resource=agent.read,
    )
    async with stdio_server() as (incoming, outgoing):
        starting = asyncio.create_task(agent.start())
        try:
            await server.run(incoming, outgoing, server.create_initialization_options())
        finally:
            short.close()
            long.close()
            starting.cancel()


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.says,
        input_schema=tool.takes,
        output_schema=tool.gives,
        annotations=types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )


def _fault(tool: Tool, arguments: dict[str, Any]) -> str | None:
    """Say what is wrong with the arguments of a tool."""
    errors = sorted(
        Draft202012Validator(tool.takes).iter_errors(arguments),
        key=lambda error: error.validator != "additionalProperties",
    )
    for error in errors:
        where = ".".join(str(part) for part in error.absolute_path)
        return f"{tool.name}{f', {where}' if where else ''}: {error.message}"
    return None


def _whole(value: Any) -> Any:
    """Give 10 for 10.0, which JSON does not tell apart."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _failed(line: str) -> types.CallToolResult:
    plain = " ".join(line.encode("utf-8", "replace").decode().split())[: 5 * _SHOWN]
    return types.CallToolResult(content=[types.TextContent(text=written(plain)[1:-1])], is_error=True)
