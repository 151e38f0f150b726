"""What every app stands on: actors, rules' answers, the field registry, base models. No noun of the field."""
