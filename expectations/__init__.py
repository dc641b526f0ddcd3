"""The doors: suites that judge volume, drift, distributions, identity, exposed marts and payloads.

`suites` says what is judged, `runner.run` judges one subject and keeps the verdict in `ops.check_result`,
`gates.judge` makes of the verdicts the gates that sending waits for, `data_docs.write_docs` makes them readable. Not
here: single rows (the lander), grain and relations (dbt tests), what happens at a closed gate (activation). The
house's numbers lie in seeds/expectation_limits.csv.
"""
