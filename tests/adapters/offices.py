"""The two posts of the small city that several messengers' tests are about."""

OFFICES = """
[[unit]]
code = "kota"
name = "Pemerintah Kota"
[[post]]
code = "sekda"
title = "Sekda"
unit = "kota"
roles = ["sekda"]
[[post]]
code = "kadis"
title = "Kadis PU"
unit = "kota"
superior = "sekda"
roles = ["kepala_opd"]
"""
