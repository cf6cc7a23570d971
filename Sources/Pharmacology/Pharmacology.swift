// Pharmacology
