#!/bin/sh
# Deals the lines of a CSV file of digits (64 pixels, label) out to sites: data/<site>/digits.csv, site = 1, 2, ...
#   sh partition.sh ../digits/digits.csv 3
# Seven tenths of a label's lines go to "its" site, the rest is dealt out in turn.
set -eu
csv=${1:?"usage: partition.sh <csv> <sites>"}
sites=${2:?"usage: partition.sh <csv> <sites>"}
for site in $(seq "$sites"); do mkdir -p "data/$site"; : > "data/$site/digits.csv"; done
awk -F, -v sites="$sites" '
  NF == 65 && $65 ~ /^[0-9]/ {
    site = NR % 10 < 7 ? $65 % sites : NR % sites
    print >> ("data/" site + 1 "/digits.csv")
  }' "$csv"
wc -l data/*/digits.csv
