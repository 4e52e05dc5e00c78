"""Joint commissions: co-chairs, cadence, and the hosts' turns."""
