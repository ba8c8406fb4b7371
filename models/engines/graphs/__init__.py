"""The networks as OpenVINO graphs, built from a checkpoint in memory. No torch."""
