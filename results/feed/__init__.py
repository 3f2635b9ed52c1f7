"""The Secretary of State's returns API: addresses, ids, bodies and the client.

Nothing here knows Django's models or the dashboard: bytes in, plain values out.
"""
