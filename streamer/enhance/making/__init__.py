"""One item on its way through the network: its source, its network, its pieces, its files."""
