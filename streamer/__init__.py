"""The spine: messages, sockets, time, processes and the command line."""
