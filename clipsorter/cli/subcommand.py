"""One command among others: its words stand in the list of all and at the head of its own help."""

import argparse


def add_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    common: argparse.ArgumentParser,
    words: str,
) -> argparse.ArgumentParser:
    """Add a command with the common options; ``words`` say what it does, without a full stop."""
    return commands.add_parser(name, parents=[common], help=words, description=f"{words[:1].upper()}{words[1:]}.")
