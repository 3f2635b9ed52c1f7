"""The returns served again: the Secretary of State's API, answered from what is held."""
