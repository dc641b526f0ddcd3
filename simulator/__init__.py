"""Stand-ins for the world outside: channel exports with known truth, gateways with their own record.

Imports no product code.
"""
