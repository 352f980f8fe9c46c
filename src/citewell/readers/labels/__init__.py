"""Labels of drugs: SPL, openFDA, and ePI in FHIR."""
