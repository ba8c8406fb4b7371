"""The network and its science: arrays in, arrays out. Knows neither sockets nor windows."""
