# Passes a dump on and writes behind it how many rows of each table it holds, which a restore is measured by. A dump that
# lacks its own last line was cut. Between COPY and \. each line is a row, whatever it looks like.
{ print }
copied {
  if ($0 == "\\.") copied = ""
  else rows[copied]++
  next
}
/^COPY .* FROM stdin;$/ {
  copied = $0
  sub(/^COPY /, "", copied)
  # Schema and table, quoted where they have to be
  match(copied, /^("([^"]|"")+"|[^ ."]+)\.("([^"]|"")+"|[^ ."]+)/)
  copied = substr(copied, RSTART, RLENGTH)
  rows[copied] += 0
}
/^-- PostgreSQL database dump complete/ { whole = 1 }
END {
  if (!whole) exit 1
  for (table in rows) print "-- berth rows " table " " rows[table]
}
