// Outcomes
