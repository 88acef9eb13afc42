"""A graph as tools and resources for an LLM agent: the Model Context Protocol, over standard input and output.

The `mcp` SDK is an extra: it is imported by `kg.agent.server` only. Answers are computed in processes of `kg.serve`,
which may be killed while they compute: a question takes so many seconds and so much memory, and no more.
"""
