"""Leave by law: what each kind and status of staff allows, and the days that are left."""
