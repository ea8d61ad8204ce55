"""Contracts: masters, codes and names, option series and chains, search."""
