"""How a guide is seen to lie beside its thermal picture, and what follows from that."""
