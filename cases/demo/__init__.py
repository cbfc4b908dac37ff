"""The demo company: a maker of water heaters, its people, customers and eighteen months of cases.

Texts lie in data/*.toml; everything is done through the domain commands at believable moments,
so numbers, history, deadlines and escalations come about as they would in a real house.
"""
