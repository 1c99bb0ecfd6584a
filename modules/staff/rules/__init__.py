"""Pure reckoning over days: length of service, ages, terms of attestation, vacancies. No table, no clock."""
