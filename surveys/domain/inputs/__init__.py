"""Other inputs of the analysis report (docs/adr/0020-other-inputs.md).

events and figures are the commands; readings is what reports ask; lost is the rule of lost
business and lost_policy its versions; kinds, rows and run import files.
"""
