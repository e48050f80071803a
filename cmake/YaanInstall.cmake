# Filled by the house.
