"""Option pricing: Black-76, forwards, live greeks, smiles, price history."""
