"""The command line: thin functions that read arguments, call one service and return its Result."""
