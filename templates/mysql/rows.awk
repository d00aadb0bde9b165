# Passes a dump on and writes behind it how many rows of each table it holds, which a restore is measured by. A dump that
# lacks its own last line was cut. MySQL writes the rows of a statement in one line, MariaDB each in its own.
{ print }
/^CREATE TABLE `/ { rows[named($0)] += 0 }
/^INSERT INTO `/ {
  table = named($0)
  inside = 1
  if ($0 !~ / VALUES$/) {
    # Texts go: what is in them may look like rows
    if (index($0, "\\")) gsub(/\\./, "")
    gsub(/'[^']*'/, "")
    rows[table] += gsub(/\),\(/, "") + 1
  }
}
inside && /^\(/ { rows[table]++ }
/;$/ { inside = 0 }
/^-- Dump completed/ { whole = 1 }
END {
  if (!whole) exit 1
  for (table in rows) print "-- berth rows " table " " rows[table]
}
function named(line) {
  sub(/^[^`]*`/, "", line)
  sub(/`.*/, "", line)
  return line
}
