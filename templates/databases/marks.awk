# Passes a dump on and notes how many rows of each table it says that it holds: its last lines say so, and what looks like
# such a line before them is data.
{ print }
/^-- berth rows / {
  rows = $NF
  sub(/^-- berth rows /, "")
  sub(/ [0-9]+$/, "")
  marks[++count] = rows "\t" $0
  next
}
{ count = 0 }
END { for (mark = 1; mark <= count; mark++) print marks[mark] >"/scratch/rows" }
