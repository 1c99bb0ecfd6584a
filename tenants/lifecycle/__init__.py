"""The life of a tenant: its states, the contract that moves it, and what goes when it is destroyed (decision 0021)."""
