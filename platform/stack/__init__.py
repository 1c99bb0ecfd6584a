"""The servers and processes of one machine: PostgreSQL, Redis, web and worker, and the demo made of them.

Knows nothing of the product but its command line (`mektep …`) and the environment variables it reads.
"""
