"""From a checkpoint to what is deployed: weights and tables of int8 ranges."""
