"""Commands about networks: train, measure, compare, and make pairs for them."""
